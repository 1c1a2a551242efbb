"""A mixed VAT is split by a person, in one press, and taken back: 5,76 and 0,61 never move."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.changing.cancelling import cancel_invoice
from achats.changing.splitting import SplitNotProposed, split_vat
from achats.models import InvoiceLine, Kind, Origin, PurchaseInvoice, Status
from achats.vat.proposals import proposals_for
from firms.models import Company, Event, Role, User
from tests.factories.achats import NOW, PurchaseInvoiceFactory, line
from tests.factories.firms import CompanyFactory, member_of

FOOD_AND_GOODS = "550-290-16_2000-225-45"
TABLE = [{"rate": "2.10", "base": "2.35", "amount": "0.05"}, {"rate": "20.00", "base": "2.80", "amount": "0.56"}]


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def person(company: Company) -> User:
    return member_of(company)


@pytest.fixture
def accountant(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def franprix(company: Company, **fields: object) -> PurchaseInvoice:
    usual = {"gross_amount": Decimal("5.76"), "vat_amount": Decimal("0.61"), "supplier_name": "Franprix"}
    return PurchaseInvoiceFactory.create(company=company, **{**usual, "kind": Kind.RECEIPT, **fields})


def lines_of(invoice: PurchaseInvoice) -> list[InvoiceLine]:
    return list(invoice.lines.select_related("account", "vat_code").order_by("position"))


def proposed(invoice: PurchaseInvoice) -> list[tuple[str, str]]:
    return [(proposal.sentence, proposal.reason) for proposal in proposals_for(invoice, lines_of(invoice))]


def url(invoice: PurchaseInvoice, name: str = "detail") -> str:
    return reverse(f"achats:{name}", args=[invoice.company_id, invoice.pk])


def page(client: Client, invoice: PurchaseInvoice) -> str:
    return client.get(url(invoice)).content.decode()


def take(invoice: PurchaseInvoice, person: User, low: int = 550) -> PurchaseInvoice:
    """Split it in `low` (hundredths of a percent) and 20 %."""
    keys = [proposal.key for proposal in proposals_for(invoice, lines_of(invoice))]
    key = next(key for key in keys if key.startswith(f"{low}-"))
    return split_vat(invoice=invoice, key=key, by=person, at=NOW)


def in_words(invoice: PurchaseInvoice) -> list[str]:
    return [
        f"{row.vat_code and row.vat_code.code} {row.net_amount} {row.vat_amount} {row.gross_amount}"
        for row in lines_of(invoice)
    ]


def test_a_new_company_is_proposed_every_pair_the_likeliest_first(company: Company):
    assert proposed(franprix(company)) == [
        ("2,90 à 5,5\u00a0% + 2,25 à 20\u00a0%", "ces taux donnent cette TVA au centime"),
        ("4,20 à 10\u00a0% + 0,95 à 20\u00a0%", "ces taux donnent cette TVA au centime"),
        ("2,10 à 0\u00a0% + 3,05 à 20\u00a0%", "ces taux donnent cette TVA au centime"),
        ("2,35 à 2,1\u00a0% + 2,80 à 20\u00a0%", "ces taux donnent cette TVA au centime"),
    ]


def test_what_is_printed_comes_before_all(company: Company, person: User):
    take(franprix(company, reference="T1"), person)
    receipt = franprix(company, reference="T2", vat_breakdown=tuple(TABLE))
    assert proposed(receipt)[0] == ("2,35 à 2,1\u00a0% + 2,80 à 20\u00a0%", "imprimé sur le ticket")
    assert len(proposed(receipt)) == 4
    assert proposed(franprix(company, kind=Kind.INVOICE, vat_breakdown=tuple(TABLE)))[0][1] == "imprimé sur la facture"


def test_then_comes_what_this_supplier_was_split_into(company: Company, person: User):
    for number, low in enumerate([1000, 550, 1000]):
        take(franprix(company, reference=f"T{number}"), person, low)
    reasons = [reason for _, reason in proposed(franprix(company, reference="T9"))]
    assert reasons[0] == "comme 2\u00a0achats de Franprix sur 3"
    assert reasons[1] == "comme 1\u00a0achat de Franprix sur 3"
    assert proposed(franprix(company))[0][0].startswith("4,20 à 10")


def test_then_what_the_company_mixes_most(company: Company, person: User):
    for number, low in enumerate([0, 550, 1000]):
        take(franprix(company, supplier_name=f"Magasin {number}"), person, low)
    take(franprix(company, supplier_name="Magasin 3"), person, 0)
    found = proposed(franprix(company))
    assert found[0][1] == "0\u00a0% + 20\u00a0%\u00a0: les taux les plus fréquents du dossier"
    assert found[1][1] == found[2][1] == "comme 1\u00a0achat du dossier"


def test_another_company_has_no_say(company: Company, person: User):
    elsewhere = CompanyFactory.create(firm=company.firm)
    take(franprix(elsewhere), person, 210)
    assert {reason for _, reason in proposed(franprix(company))} == {"ces taux donnent cette TVA au centime"}


def test_only_rates_that_hold_on_the_day_of_the_document_are_proposed(company: Company):
    company.vat_codes.filter(code="TVA10").update(valid_from=date(2030, 1, 1))
    company.vat_codes.filter(code="TVA2_1").update(is_active=False)
    assert [sentence for sentence, _ in proposed(franprix(company, vat_breakdown=tuple(TABLE)))] == [
        "2,90 à 5,5\u00a0% + 2,25 à 20\u00a0%",
        "2,10 à 0\u00a0% + 3,05 à 20\u00a0%",
    ]


def test_one_press_makes_two_lines_and_moves_no_amount(accountant: Client, company: Company):
    receipt = franprix(company)
    html = page(accountant, receipt)
    assert html.count("Ventiler ainsi") == 4
    assert "Autres répartitions (3)" in html
    answer = accountant.post(url(receipt, "split"), {"repartition": FOOD_AND_GOODS})
    assert answer["Location"] == url(receipt)
    receipt.refresh_from_db()
    assert in_words(receipt) == ["TVA5_5 2.90 0.16 3.06", "TVA20 2.25 0.45 2.70"]
    assert {(row.account.code, row.vat_code_origin) for row in lines_of(receipt)} == {("62570000", Origin.HAND)}
    assert (receipt.gross_amount, receipt.vat_amount, receipt.status) == (
        Decimal("5.76"), Decimal("0.61"), Status.READY
    )  # fmt: skip
    assert "mixed_vat_rates" not in {warning["code"] for warning in receipt.warnings}
    assert "Ventiler ainsi" not in page(accountant, receipt)


def test_an_exempt_part_is_no_mixture_any_more(company: Company, person: User):
    receipt = take(franprix(company), person, 0)
    assert in_words(receipt) == ["EXO 2.10 0.00 2.10", "TVA20 3.05 0.61 3.66"]
    assert (receipt.status, receipt.reasons) == (Status.READY, [])
    assert "mixed_vat_rates" not in {warning["code"] for warning in receipt.warnings}


def test_the_history_tells_it_and_one_press_takes_it_back(accountant: Client, company: Company, person: User):
    receipt = franprix(company)
    before = in_words(receipt)
    accountant.post(url(receipt, "split"), {"repartition": FOOD_AND_GOODS})
    html = page(accountant, receipt)
    assert "TVA ventilée" in html
    assert "TTC, ligne 1\u00a0: 5,76 → <strong>3,06</strong>" in html
    assert "TTC, ligne 2\u00a0: — → <strong>2,70</strong>" in html
    assert html.index("TTC, ligne 1") < html.index("TVA, ligne 2")
    assert "Revenir à une ligne" in html
    accountant.post(url(receipt, "unite"))
    assert in_words(receipt) == before
    html = page(accountant, receipt)
    assert "Revenue à une ligne" in html
    assert html.count("Ventiler ainsi") == 4
    events = Event.objects.filter(subject_id=receipt.pk, kind__startswith="purchase.vat_").order_by("id")
    assert [(event.kind, event.by) for event in events] == [
        ("purchase.vat_split", person), ("purchase.vat_united", person)
    ]  # fmt: skip


def test_lines_that_came_by_line_are_never_united_nor_split(accountant: Client, company: Company):
    account = company.accounts.get(code="62570000")
    parts = tuple(
        line(gross, vat_amount=Decimal(vat), account=account) for gross, vat in (("3.76", "0.40"), ("2.00", "0.21"))
    )
    receipt = franprix(company, lines=parts)
    html = page(accountant, receipt)
    assert "Ventiler ainsi" not in html
    assert "Revenir à une ligne" not in html
    for name in ("split", "unite"):
        accountant.post(url(receipt, name), {"repartition": FOOD_AND_GOODS})
    assert [str(row.gross_amount) for row in lines_of(receipt)] == ["3.76", "2.00"]


def test_a_split_that_is_not_proposed_is_refused(company: Company, person: User):
    receipt = franprix(company)
    for key in ("", "550-290-15_2000-225-46", "2000-515-61"):
        with pytest.raises(SplitNotProposed):
            split_vat(invoice=receipt, key=key, by=person, at=NOW)
    assert len(lines_of(receipt)) == 1


def test_what_is_explained_by_one_rate_or_without_vat_is_not_split(company: Company):
    assert proposed(franprix(company, vat_amount=Decimal("0.96"))) == []
    assert proposed(franprix(company, vat_amount=None)) == []


def test_what_is_no_longer_open_is_not_split(accountant: Client, company: Company, person: User):
    receipt = franprix(company)
    cancel_invoice(invoice=receipt, reason="Publiée deux fois", by=person, at=NOW)
    assert "Ventiler ainsi" not in page(accountant, receipt)
    answer = accountant.post(url(receipt, "split"), {"repartition": FOOD_AND_GOODS}, follow=True)
    assert "est annulée" in answer.content.decode()
    assert len(lines_of(receipt)) == 1


def test_a_reader_is_offered_nothing_and_a_stranger_sees_nothing(client: Client, company: Company):
    receipt, theirs = franprix(company), franprix(CompanyFactory.create(firm=company.firm))
    client.force_login(member_of(company, Role.READER))
    assert "Ventiler ainsi" not in page(client, receipt)
    client.force_login(member_of(company))
    for name in ("split", "unite"):
        assert client.post(reverse(f"achats:{name}", args=[company.pk, theirs.pk])).status_code == 404
    client.force_login(member_of(company, Role.READER))
    for name in ("split", "unite"):
        assert client.post(url(receipt, name)).status_code == 403


def test_proposals_cost_two_queries_and_only_where_rates_are_mixed(
    accountant: Client, company: Company, person: User, django_assert_num_queries
):
    for number in range(3):
        take(franprix(company, reference=f"T{number}"), person)
    mixed, plain = franprix(company, reference="T8"), franprix(company, reference="T9", vat_amount=Decimal("0.96"))
    lines, others = lines_of(mixed), lines_of(plain)
    with django_assert_num_queries(2):
        assert len(proposals_for(mixed, lines)) == 4
    with django_assert_num_queries(0):
        assert proposals_for(plain, others) == []
