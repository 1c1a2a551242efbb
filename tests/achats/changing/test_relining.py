"""The lines of a purchase changed by hand: added, removed, weighed; what was received never moves."""

from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from achats.changing.relining import LinesRefused, WantedLine, correct_with_lines, lines_refusal
from achats.changing.splitting import NothingToUnite, unite_lines
from achats.models import Kind, Origin, PurchaseInvoice, Source
from firms.models import Company, Event
from ledger.models import Account
from tests.achats.test_pages_detail import an_invoice, page, sent, url
from tests.factories.achats import NOW
from tests.factories.firms import CompanyFactory, member_of

CENTS = st.integers(1, 100_000)


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def bought(company: Company) -> PurchaseInvoice:
    return an_invoice(company, gross_amount=Decimal("12.00"), vat_amount=Decimal("1.50"), source=Source.DEXT)


def wanted(gross: str, vat: str | None = None, **fields) -> WantedLine:
    told = {"line_id": None, "label": "", "account": None, "vat_code": None} | fields
    return WantedLine(gross_amount=Decimal(gross), vat_amount=None if vat is None else Decimal(vat), **told)


def weights(invoice: PurchaseInvoice) -> list[tuple[int, str, str | None]]:
    lines = invoice.lines.order_by("position")
    return [(line.position, str(line.gross_amount), line.vat_amount and str(line.vat_amount)) for line in lines]


def test_one_line_becomes_two_that_make_the_total_and_goes_back(company: Company, bought: PurchaseInvoice):
    by, small = member_of(company), Account.objects.get(company=company, code="60630000")
    only = bought.lines.get()
    lines = [
        wanted("7.00", "1.17", line_id=only.pk, account=only.account, vat_code=only.vat_code),
        wanted("5.00", "0.33", account=small, label="Petit matériel"),
    ]
    correct_with_lines(invoice=bought, changes={"note": "Vu"}, wanted=lines, by=by, at=NOW)
    bought.refresh_from_db()
    assert weights(bought) == [(1, "7.00", "1.17"), (2, "5.00", "0.33")]
    assert (bought.gross_amount, bought.vat_amount, bought.note) == (Decimal("12.00"), Decimal("1.50"), "Vu")
    second = bought.lines.get(position=2)
    assert (second.account, second.account_origin, second.net_amount) == (small, Origin.HAND, Decimal("4.67"))
    told = Event.objects.get(subject_id=bought.pk, kind="purchase.lined").changes
    assert told["lines.2.gross_amount"] == [None, "5.00"]
    unite_lines(invoice=bought, by=by, at=NOW)
    assert weights(bought) == [(1, "12.00", None if only.vat_amount is None else str(only.vat_amount))]
    with pytest.raises(NothingToUnite):
        unite_lines(invoice=bought, by=by, at=NOW)


def test_a_line_is_taken_away_and_the_others_move_up(company: Company, bought: PurchaseInvoice):
    by, only = member_of(company), bought.lines.get()
    three = [wanted("2.00", "0.50", line_id=only.pk), wanted("4.00", "0.50"), wanted("6.00", "0.50")]
    correct_with_lines(invoice=bought, changes={}, wanted=three, by=by, at=NOW)
    _, second, third = bought.lines.order_by("position")
    two = [wanted("5.00", "1.00", line_id=second.pk), wanted("7.00", "0.50", line_id=third.pk)]
    correct_with_lines(invoice=bought, changes={}, wanted=two, by=by, at=NOW)
    assert [line.pk for line in bought.lines.order_by("position")] == [second.pk, third.pk]
    assert weights(bought) == [(1, "5.00", "1.00"), (2, "7.00", "0.50")]
    unite_lines(invoice=bought, by=by, at=NOW)
    assert bought.lines.get().gross_amount == Decimal("12.00")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "au moins une ligne"),
        ([wanted("11.99", "1.50")], "11,99\u00a0€ au lieu de 12,00\u00a0€\u00a0: il manque 0,01\u00a0€"),
        ([wanted("12.50", "1.50")], "0,50\u00a0€ de trop"),
        ([wanted("6.00"), wanted("6.00")], "La TVA reçue ne change jamais, celle des lignes fait 0,00\u00a0€"),
        (
            [wanted("6.00", "1.00"), wanted("6.00", "0.51")],
            "1,51\u00a0€ au lieu de 1,50\u00a0€\u00a0: 0,01\u00a0€ de trop",
        ),
        ([wanted("1.00", "1.50"), wanted("11.00")], "Ligne 1\u00a0: la TVA ne tient pas dans le total"),
        ([wanted("12.00", "1.50"), wanted("0.00")], "Ligne 2\u00a0: il manque le montant TTC"),
    ],
)
def test_lines_that_do_not_make_what_was_received_are_refused(
    company: Company, bought: PurchaseInvoice, lines: list[WantedLine], said: str
):
    with pytest.raises(LinesRefused, match=said):
        correct_with_lines(invoice=bought, changes={"note": "Vu"}, wanted=lines, by=member_of(company), at=NOW)
    bought.refresh_from_db()
    assert len(weights(bought)) == 1
    assert bought.note == ""  # all of it, or nothing


def test_a_discount_is_a_line_below_nothing_and_no_vat_stays_no_vat():
    invoice = PurchaseInvoice(gross_amount=Decimal("10.00"), vat_amount=None, currency="EUR", kind=Kind.INVOICE)
    assert lines_refusal(invoice, [wanted("12.00"), wanted("-2.00")]) == ""
    assert "n’en portent pas" in lines_refusal(invoice, [wanted("10.00", "0.10")])


@given(st.lists(CENTS, min_size=1, max_size=6), st.integers(-50, 50))
def test_only_what_makes_the_total_to_the_cent_is_taken(cents: list[int], off: int):
    total = Decimal(sum(cents)) / 100
    invoice = PurchaseInvoice(gross_amount=total, vat_amount=Decimal("0.00"), currency="EUR")
    lines = [wanted(str(Decimal(part) / 100), "0.00") for part in cents]
    assert lines_refusal(invoice, lines) == ""
    moved = [wanted(str(lines[0].gross_amount + Decimal(off) / 100), "0.00"), *lines[1:]]
    assert bool(lines_refusal(invoice, moved)) == bool(off)


def test_what_changed_meanwhile_is_not_overwritten(company: Company, bought: PurchaseInvoice):
    by, gone = member_of(company), bought.lines.get().pk
    two = [wanted("6.00", "0.75"), wanted("6.00", "0.75")]
    correct_with_lines(invoice=bought, changes={}, wanted=two, by=by, at=NOW)
    with pytest.raises(LinesRefused, match="entre-temps"):
        correct_with_lines(invoice=bought, changes={}, wanted=[wanted("12.00", "1.50", line_id=gone)], by=by, at=NOW)


def test_the_page_adds_and_removes_lines_without_a_script(client: Client, company: Company, bought: PurchaseInvoice):
    client.force_login(member_of(company))
    only = bought.lines.get()
    form = sent(bought) | {"ligne": [str(only.pk)], f"ttc-{only.pk}": "7,00", f"montant-tva-{only.pk}": "1,17"}
    more = client.post(url(bought, "correct"), form | {"plus": "1"})
    assert more.status_code == 200
    html = more.content.decode()
    assert 'value="n1"' in html
    assert "Rien n’a été enregistré" not in html
    assert 'value="7,00"' in html
    fewer = client.post(url(bought, "correct"), form | {"ligne": [str(only.pk), "n1"], "moins": "n1"})
    assert 'value="n1"' not in fewer.content.decode()
    form |= {"ligne": [str(only.pk), "n1"], "compte-n1": "60630000", "tva-n1": "", "libelle-n1": "Sac"}
    refused = client.post(url(bought, "correct"), form | {"ttc-n1": "4,99", "montant-tva-n1": "0,33"})
    assert refused.status_code == 422
    assert "il manque 0,01\u00a0€" in refused.content.decode()
    assert client.post(url(bought, "correct"), form | {"ttc-n1": "5,00", "montant-tva-n1": "0,33"}).status_code == 302
    assert weights(bought) == [(1, "7.00", "1.17"), (2, "5.00", "0.33")]
    shown = page(client, bought)
    assert "Lignes changées" in shown
    assert "Revenir à une ligne" in shown
