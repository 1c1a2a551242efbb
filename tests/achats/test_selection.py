"""Many purchases changed at once: one deed, counted, with what could not be changed, and taken back."""

import re
from collections.abc import Sequence

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from achats.changing.cancelling import cancel_invoice
from achats.changing.correcting import correct_invoice
from achats.models import CorrectionDeed, Origin, PurchaseInvoice, Status
from achats.selection.correcting_many import AT_MOST, Wanted, correct_many
from firms.models import Company, Role
from ledger.models import Account, VatCode
from tests.achats.list_pages import invoice, names, page, text
from tests.factories.achats import NOW, PaymentMethodFactory
from tests.factories.firms import CompanyFactory, member_of

SMALL = "60630000"


def change(
    client: Client, company: Company, rows: Sequence[PurchaseInvoice], query: str = "", htmx: bool = True, **fields: str
) -> HttpResponse:
    place = reverse("achats:change_selection", args=[company.pk]) + query
    data = {"ids": [row.pk for row in rows], **fields}
    return client.post(place, data, headers={"HX-Request": "true"} if htmx else {}, follow=not htmx)


def account_of(row: PurchaseInvoice) -> str:
    found = row.lines.get().account
    return found.code if found else ""


def undo(client: Client, company: Company) -> HttpResponse:
    deed = CorrectionDeed.objects.get(company=company, undone_at=None)
    place = reverse("achats:undo_correction", args=[company.pk, deed.pk])
    return client.post(place, headers={"HX-Request": "true"})


def test_the_ticked_purchases_take_the_account_and_become_ready(reader: Client, company: Company):
    rows = [invoice(company, name, account=None) for name in ("A", "B", "C")]
    answer = text(change(reader, company, rows[:2], compte=SMALL).content.decode())
    assert f"2\u00a0factures\u00a0: compte {SMALL}" in answer
    assert [account_of(row) for row in rows] == [SMALL, SMALL, ""]
    assert PurchaseInvoice.objects.filter(status=Status.READY).count() == 2


def test_the_answer_holds_the_changed_rows_the_counts_and_the_undo(reader: Client, company: Company):
    rows = [invoice(company, name, account=None) for name in ("A", "B")]
    html = change(reader, company, rows[:1], "?onglet=pas-pret", compte=SMALL).content.decode()
    assert re.findall(r'id="f-([^"]+)"', html) == [str(rows[0].pk)]
    assert 'id="onglets"' in html
    assert "Annuler" in html
    assert "onglet=pas-pret" in html
    assert "1\u00a0ligne n’est plus dans cet onglet." in text(html)


def test_what_cannot_be_changed_is_counted_by_cause_and_left(reader: Client, company: Company):
    gone, posted, open_one = (invoice(company, name) for name in "ABC")
    cancel_invoice(invoice=gone, by=member_of(company), reason="", at=NOW)
    PurchaseInvoice.objects.filter(pk=posted.pk).update(status=Status.POSTED)
    answer = text(change(reader, company, [gone, posted, open_one], compte=SMALL).content.decode())
    assert "1\u00a0facture\u00a0: compte" in answer
    assert "2\u00a0non modifiées\u00a0:" in answer
    assert "comptabilisée (1)" in answer
    assert "annulée (1)" in answer
    assert account_of(gone) == account_of(posted) == "62570000"


def test_all_of_the_filter_is_changed_and_nothing_beyond_it(reader: Client, company: Company):
    for number in range(52):
        invoice(company, f"Orange {number}", account=None)
    other = invoice(company, "EDF", account=None)
    change(reader, company, [], "?q=orange", toutes="1", compte=SMALL)
    assert PurchaseInvoice.objects.filter(sort_account=SMALL).count() == 52
    assert account_of(other) == ""


def test_a_code_and_a_payment_method_are_changed_alike(reader: Client, company: Company):
    row = invoice(company)
    code = VatCode.objects.filter(company=company, is_active=True).order_by("code").last()
    method = PaymentMethodFactory.create(company=company)
    change(reader, company, [row], tva=str(code.pk))
    change(reader, company, [row], paiement=str(method.pk))
    row.refresh_from_db()
    assert row.lines.get().vat_code == code
    assert row.payment_method == method


def test_undoing_puts_back_what_stood_before_and_who_had_put_it(reader: Client, company: Company):
    bare, booked = invoice(company, "A", account=None), invoice(company, "B")
    change(reader, company, [bare, booked], compte=SMALL)
    assert "2\u00a0factures" in text(undo(reader, company).content.decode())
    assert [account_of(bare), account_of(booked)] == ["", "62570000"]
    assert booked.lines.get().account_origin == Origin.NAMED
    bare.refresh_from_db()
    assert bare.status == Status.NOT_READY


def test_undoing_leaves_what_was_changed_since(reader: Client, company: Company):
    first, second = invoice(company, "A"), invoice(company, "B")
    change(reader, company, [first, second], compte=SMALL)
    later = Account.objects.get(company=company, code="61350000")
    correct_invoice(invoice=first, lines={first.lines.get().pk: {"account": later}}, by=member_of(company), at=NOW)
    answer = text(undo(reader, company).content.decode())
    assert "1\u00a0autre, modifiée depuis, est gardée" in answer
    assert [account_of(first), account_of(second)] == ["61350000", "62570000"]


def test_a_deed_is_undone_once_and_by_who_did_it(client: Client, reader: Client, company: Company):
    row = invoice(company)
    change(reader, company, [row], compte=SMALL)
    deed = CorrectionDeed.objects.get()
    place = reverse("achats:undo_correction", args=[company.pk, deed.pk])
    other = Client()
    other.force_login(member_of(company))
    assert other.post(place, headers={"HX-Request": "true"}).status_code == 409
    assert reader.post(place, headers={"HX-Request": "true"}).status_code == 200
    assert reader.post(place, headers={"HX-Request": "true"}).status_code == 409


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"compte": "6"}, "Plusieurs comptes"),
        ({"compte": "rien"}, "Aucun compte"),
        ({}, "Choisissez un compte"),
        ({"tva": "x"}, "choix"),
    ],
)
def test_what_is_not_understood_changes_nothing(reader: Client, company: Company, fields: dict, words: str):
    row = invoice(company)
    answer = change(reader, company, [row], **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CorrectionDeed.objects.exists()


def test_purchases_of_another_company_are_never_touched(reader: Client, company: Company):
    foreign = invoice(CompanyFactory.create(firm=company.firm), "Ailleurs")
    assert "Rien n’a changé" in change(reader, company, [foreign], compte=SMALL).content.decode()
    assert account_of(foreign) == "62570000"


def test_too_many_at_once_are_refused(company: Company):
    with pytest.raises(ValueError, match=str(AT_MOST)):
        correct_many(company=company, chosen=range(AT_MOST + 1), wanted=Wanted(), by=member_of(company), at=NOW)


def test_without_the_script_the_list_comes_back_with_the_sentence_and_the_undo(reader: Client, company: Company):
    row = invoice(company)
    html = change(reader, company, [row], "?q=franprix", htmx=False, compte=SMALL).content.decode()
    assert f"1\u00a0facture\u00a0: compte {SMALL}" in html
    assert names(html) == ["Franprix"]
    assert "Dernière action" in html


def test_a_reader_ticks_nothing(client: Client, company: Company):
    row = invoice(company)
    client.force_login(member_of(company, Role.READER))
    assert 'name="ids"' not in page(client, company)
    assert change(client, company, [row], compte=SMALL).status_code == 403


def test_the_field_of_a_row_proposes_the_habit_of_the_supplier(reader: Client, company: Company):
    invoice(company)
    row = invoice(company, account=None)
    html = reader.get(reverse("achats:account_field", args=[company.pk, row.pk])).content.decode()
    assert 'value="62570000 Réceptions"' in html
    assert "1 fois sur 1" in html


def test_a_row_is_answered_alone(reader: Client, company: Company):
    row = invoice(company)
    html = reader.get(reverse("achats:row", args=[company.pk, row.pk])).content.decode()
    assert names(html) == ["Franprix"]
    assert "À rapprocher" in html


def test_new_purchases_of_the_filter_are_told_of_and_no_others(reader: Client, company: Company):
    place = reverse("achats:arrivals", args=[company.pk])
    since = re.search(r"depuis=([^\"&]+)", page(reader, company))[1]
    assert reader.get(f"{place}?depuis={since}").status_code == 204
    invoice(company, "Orange")
    invoice(company, "EDF")
    assert "1\u00a0nouvelle facture" in reader.get(f"{place}?depuis={since}&q=orange").content.decode()
    assert "2\u00a0nouvelles factures" in reader.get(f"{place}?depuis={since}").content.decode()
    assert reader.get(f"{place}?depuis=jamais").status_code == 204
