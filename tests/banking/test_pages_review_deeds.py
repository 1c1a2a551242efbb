"""What a person decides in the review."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from achats.models import PurchaseInvoice, Settlement
from banking.matches.deciding import undo_match
from banking.models import BankAccount, BankTransaction, Match, MatchState
from firms.models import Company
from ledger.models import FiscalYear
from tests.banking.bank_pages import HTMX, address, settlement, suggestion
from tests.banking.test_reconciliation import a_line, an_invoice, assert_sums_hold, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


def decide(client: Client, match: Match, deed: str, *, query: str = "", **headers: str):
    place = address(match.company, "review_decide", match.transaction_id) + query
    return client.post(place, {"geste": deed, "match": str(match.pk)}, headers=headers)


def by_hand(client: Client, line: BankTransaction, *invoices, also=(), **headers: str):
    data = {"facture": [str(row.pk) for row in invoices], "ligne_aussi": [str(row.pk) for row in also]}
    return client.post(address(line.company, "review_match", line.pk), data, headers=headers)


def test_a_confirmed_pair_folds_where_it_was_with_the_counts_and_an_undo(accountant: Client, account: BankAccount):
    match = suggestion(account)
    html = decide(accountant, match, "confirmer", **HTMX).content.decode()
    assert "<html" not in html
    assert "data-waits" not in html
    assert 'À traiter <span class="count">0</span>' in html
    assert 'id="derniere-action" hx-swap-oob="true"' in html
    assert "Rapproché\u00a0: Fournitures du Nord, 12,00\u00a0€." in html
    assert "Annuler" in html
    assert settlement(match) == Settlement.SETTLED


def test_without_a_script_one_comes_back_to_the_same_list_at_the_same_line(accountant: Client, account: BankAccount):
    match = suggestion(account)
    answer = decide(accountant, match, "confirmer", query="?onglet=toutes")
    anchor = f"?onglet=toutes&ligne={match.transaction_id}#l-{match.transaction_id}"
    assert answer["Location"] == address(account.company, "review") + anchor
    assert "Rapproché" in accountant.get(answer["Location"]).content.decode()


def test_a_refused_pair_is_gone_and_its_line_still_waits(accountant: Client, account: BankAccount):
    match = suggestion(account)
    html = decide(accountant, match, "refuser", **HTMX).content.decode()
    assert "cette facture ne sera plus proposée pour cette ligne" in html
    assert "data-waits" in html
    assert "Aucune facture proche" in html
    match.refresh_from_db()
    assert match.state == MatchState.REFUSED


def test_what_is_undone_waits_again(accountant: Client, account: BankAccount):
    match = suggestion(account)
    decide(accountant, match, "confirmer")
    html = decide(accountant, match, "annuler", **HTMX).content.decode()
    assert "Défait\u00a0: Fournitures du Nord" in html
    assert "data-waits" in html
    assert settlement(match) == Settlement.UNSETTLED


def test_what_changed_meanwhile_is_told_in_place_with_the_present_state(accountant: Client, account: BankAccount):
    match = suggestion(account)
    decide(accountant, match, "confirmer")
    answer = decide(accountant, match, "refuser", **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "vient d’être confirmé" in html
    assert "Rien n’a été changé." in html
    assert f'id="l-{match.transaction_id}"' in html


def test_a_suggestion_that_is_gone_is_told_in_place(accountant: Client, account: BankAccount):
    match = suggestion(account)
    Match.objects.all().delete()
    answer = decide(accountant, match, "confirmer", **HTMX)
    assert answer.status_code == 409
    assert "Cette suggestion n’existe plus" in answer.content.decode()


def test_the_other_lines_of_the_invoice_are_told_to_look_anew(accountant: Client, account: BankAccount):
    an_invoice(account)
    first, second = (a_line(account, label=f"CHEQUE 001245{number}") for number in (1, 2))
    run(account)
    match = Match.objects.get(transaction=first)
    answer = decide(accountant, match, "confirmer", **HTMX)
    assert list(json.loads(answer["HX-Trigger"])) == [f"refresh-{second.pk}"]


def test_an_unknown_deed_is_refused(accountant: Client, account: BankAccount):
    assert decide(accountant, suggestion(account), "effacer").status_code == 400


def test_several_invoices_are_matched_by_hand_and_the_gap_stays_open(accountant: Client, account: BankAccount):
    chosen = [an_invoice(account, gross_amount=Decimal(amount), vat_amount=None) for amount in ("10.00", "5.00")]
    line = a_line(account, amount=Decimal("-18.54"), label="VIR DIVERS")
    html = by_hand(accountant, line, *chosen, **HTMX).content.decode()
    assert "Rapproché\u00a0: 2\u00a0factures de Fournitures du Nord, 15,00\u00a0€." in html
    assert "3,54\u00a0€" in html
    assert "data-waits" in html
    assert_sums_hold(account.company)
    line.refresh_from_db()
    assert line.allocated_cents == 1500


def test_a_gap_that_is_named_is_posted_and_the_sentence_tells_its_entry(accountant: Client, account: BankAccount):
    year = {"starts_on": date(2019, 1, 1), "ends_on": date(2019, 12, 31)}
    FiscalYear.objects.create(company=account.company, **year)
    invoice = an_invoice(account, gross_amount=Decimal("10.00"), vat_amount=None)
    line = a_line(account, amount=Decimal("-10.30"), label="VIR DIVERS")
    place = address(account.company, "review_search", line.pk)
    html = accountant.get(place, headers=HTMX).content.decode()
    for words in ("Laisser ouvert", "Frais bancaires (62780000)", "Escompte obtenu (76500000)"):
        assert words in html
    data = {"facture": str(invoice.pk), "ecart": "fee"}
    html = accountant.post(address(account.company, "review_match", line.pk), data, headers=HTMX).content.decode()
    assert "Frais bancaires\u00a0: 0,30\u00a0€, écriture OD-000001." in html
    assert "data-waits" not in html
    html = accountant.get(address(account.company, "review") + "?onglet=rapprochees").content.decode()
    assert "Frais bancaires\u00a0: 0,30\u00a0€, écriture OD-000001." in html


def test_several_lines_pay_one_invoice_by_hand(accountant: Client, account: BankAccount):
    invoice = an_invoice(account)
    line, other = (a_line(account, amount=Decimal("-6.00"), label="VIR DIVERS") for _ in range(2))
    by_hand(accountant, line, invoice, also=[other])
    invoice.refresh_from_db()
    assert invoice.settlement == Settlement.SETTLED


def test_nothing_ticked_or_no_longer_open_is_told(accountant: Client, account: BankAccount):
    invoice, line = an_invoice(account), a_line(account, label="VIR DIVERS")
    PurchaseInvoice.objects.update(is_settled_off_bank=True)
    answer = by_hand(accountant, line, **HTMX)
    assert answer.status_code == 422
    assert "Cochez au moins une facture." in answer.content.decode()
    assert "n’attend plus de rapprochement" in by_hand(accountant, line, invoice, **HTMX).content.decode()
    assert not Match.objects.exists()


def test_an_invoice_of_another_company_cannot_be_chosen(accountant: Client, account: BankAccount):
    theirs = an_invoice(BankAccountFactory.create(company=CompanyFactory.create(firm=account.company.firm)))
    assert by_hand(accountant, a_line(account), theirs, **HTMX).status_code == 422


@pytest.mark.parametrize(("search", "found"), [("orange", True), ("FA0068", True), ("12,10", True), ("frpx", False)])
def test_open_invoices_are_searched_by_name_number_and_about_amount(
    accountant: Client, account: BankAccount, search: str, found: bool
):
    an_invoice(account, supplier_name="Orange", reference="FA006834")
    line = a_line(account, amount=Decimal("-900.00"), label="VIR DIVERS")
    place = address(account.company, "review_search", line.pk)
    html = accountant.get(place, {"q": search}, headers=HTMX).content.decode()
    assert ("Orange · FA006834" in html) is found
    assert found or "Aucune facture ouverte pour" in html


def test_what_was_ticked_stays_ticked_in_another_search(accountant: Client, account: BankAccount):
    first = an_invoice(account, supplier_name="Orange")
    line = a_line(account, label="VIR DIVERS")
    place = address(account.company, "review_search", line.pk)
    html = accountant.get(place, {"q": "frpx", "facture": str(first.pk)}, headers=HTMX).content.decode()
    assert "Orange" in html
    assert "checked" in html


def test_the_search_stands_in_the_page_without_a_script(accountant: Client, account: BankAccount):
    an_invoice(account, supplier_name="Orange", gross_amount=Decimal("50.00"), vat_amount=None)
    line = a_line(account, label="VIR DIVERS")
    query = {"ligne": str(line.pk), "chercher": "oui", "q": "orange"}
    html = accountant.get(address(account.company, "review"), query).content.decode()
    assert 'name="facture"' in html


def two_automatic(account: BankAccount) -> list[Match]:
    for amount in ("12.00", "40.00"):
        an_invoice(account, gross_amount=Decimal(amount), vat_amount=None)
        a_line(account, amount=-Decimal(amount))
    run(account)
    return list(Match.objects.filter(state=MatchState.AUTO).order_by("pk"))


def test_the_automatic_matches_of_a_page_are_called_exact_at_once(accountant: Client, account: BankAccount):
    matches = two_automatic(account)
    html = accountant.get(address(account.company, "review") + "?onglet=a-relire").content.decode()
    assert "Les 2 sont exacts" in html
    place = address(account.company, "review_confirm_page")
    html = accountant.post(place, {"match": [str(m.pk) for m in matches]}, follow=True).content.decode()
    assert "2\u00a0rapprochements automatiques lus et exacts." in html
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.CONFIRMED}


@pytest.mark.parametrize("scope", ["fournisseur", "execution"])
def test_all_of_a_supplier_or_of_a_run_is_undone_at_once(accountant: Client, account: BankAccount, scope: str):
    matches = two_automatic(account)
    html = accountant.get(address(account.company, "review") + "?onglet=a-relire").content.decode()
    assert "toutes celles de Fournitures du Nord (2)" in html
    assert "toute l’exécution du" in html
    value = matches[0].invoice.supplier_id if scope == "fournisseur" else matches[0].run_id
    html = accountant.post(
        address(account.company, "review_undo_many"), {scope: str(value)}, follow=True
    ).content.decode()
    assert "2\u00a0rapprochements automatiques défaits." in html
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.UNDONE}
    assert_sums_hold(account.company)


def test_what_a_colleague_decided_meanwhile_is_left_and_told(accountant: Client, account: BankAccount):
    first, second = two_automatic(account)
    undo_match(match=first, by=member_of(account.company), at=timezone.now())
    place = address(account.company, "review_confirm_page")
    html = accountant.post(place, {"match": [str(first.pk), str(second.pk)]}, follow=True).content.decode()
    assert "1\u00a0rapprochement automatique lu et exact." in html
    assert "vient d’être décidé" in html
    first.refresh_from_db()
    assert first.state == MatchState.UNDONE


def test_many_are_undone_in_this_company_only(accountant: Client, company: Company):
    theirs = two_automatic(BankAccountFactory.create(company=CompanyFactory.create(firm=company.firm)))
    accountant.post(address(company, "review_undo_many"), {"execution": str(theirs[0].run_id)})
    accountant.post(address(company, "review_confirm_page"), {"match": str(theirs[0].pk)})
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.AUTO}
    assert accountant.post(address(company, "review_undo_many")).status_code == 400


def test_a_refusal_is_offered_to_be_taken_back_and_its_suggestion_returns(accountant: Client, account: BankAccount):
    match = suggestion(account)
    html = decide(accountant, match, "refuser", **HTMX).content.decode()
    assert 'name="geste" value="reproposer"' in html
    assert "1\u00a0rapprochement refusé ou défait" in html
    html = decide(accountant, match, "reproposer", **HTMX).content.decode()
    assert "Proposé à nouveau\u00a0: Fournitures du Nord, 12,00\u00a0€." in html
    assert "Confirmer" in html
    assert "refus repris par" in html
    assert Match.objects.suggested().get().invoice_id == match.invoice_id


def test_a_refusal_that_another_took_back_is_told_with_409(accountant: Client, account: BankAccount):
    match = suggestion(account)
    decide(accountant, match, "refuser")
    decide(accountant, match, "reproposer")
    answer = decide(accountant, match, "reproposer", **HTMX)
    assert answer.status_code == 409
    assert "vient d’être proposé à nouveau" in answer.content.decode()


def test_without_a_script_a_refusal_is_taken_back_from_the_list_of_its_line(accountant: Client, account: BankAccount):
    match = suggestion(account)
    answer = decide(accountant, match, "refuser")
    html = accountant.get(answer["Location"]).content.decode()
    assert "Proposer à nouveau" in html
    assert match.invoice.supplier_name in html
    answer = decide(accountant, match, "reproposer")
    assert "Proposé à nouveau" in accountant.get(answer["Location"]).content.decode()


def test_a_confirmation_taken_back_brings_its_suggestion_back(accountant: Client, account: BankAccount):
    match = suggestion(account)
    html = decide(accountant, match, "confirmer", **HTMX).content.decode()
    assert 'name="geste" value="revenir"' in html
    html = decide(accountant, match, "revenir", **HTMX).content.decode()
    assert "Proposé à nouveau\u00a0: Fournitures du Nord, 12,00\u00a0€." in html
    assert "data-waits" in html
    assert settlement(match) == Settlement.UNSETTLED
    assert Match.objects.suggested().get().invoice_id == match.invoice_id
    assert_sums_hold(account.company)


def test_what_the_machine_had_made_is_proposed_once_its_undoing_is_taken_back(accountant: Client, account: BankAccount):
    an_invoice(account)
    a_line(account)
    run(account)
    match = Match.objects.get()
    html = decide(accountant, match, "annuler", **HTMX).content.decode()
    assert 'name="geste" value="reproposer"' in html
    assert "Proposé à nouveau" in decide(accountant, match, "reproposer", **HTMX).content.decode()


def test_what_one_read_oneself_on_the_page_is_no_surprise_in_all_are_exact(accountant: Client, account: BankAccount):
    for amount in ("12.00", "40.00"):
        an_invoice(account, gross_amount=Decimal(amount), vat_amount=None)
        a_line(account, amount=-Decimal(amount))
    run(account)
    matches = list(Match.objects.all())
    decide(accountant, matches[0], "confirmer")
    ids = {"match": [str(match.pk) for match in matches]}
    html = accountant.post(address(account.company, "review_confirm_page"), ids, follow=True).content.decode()
    assert "1\u00a0rapprochement automatique lu et exact." in html
    assert "vient d’être décidé" not in html
