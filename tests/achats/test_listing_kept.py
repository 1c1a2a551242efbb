"""What the list is sorted by stays what the purchase says."""

from decimal import Decimal

import pytest
from django.test import Client

from achats.changing.correcting import correct_invoice
from achats.models import Kind, Source
from firms.models import Company
from ledger.models import Account
from tests.achats.list_pages import invoice, names, page
from tests.factories.achats import NOW
from tests.factories.firms import member_of


def test_a_corrected_account_moves_the_purchase_in_the_order_of_accounts(company: Company):
    row = invoice(company, account=None)
    assert row.sort_account == ""
    account = Account.objects.get(company=company, code="60630000")
    mended = correct_invoice(
        invoice=row, lines={row.lines.get().pk: {"account": account}}, by=member_of(company), at=NOW
    )
    assert mended.sort_account == "60630000"


def test_a_new_number_of_an_account_moves_its_purchases(company: Company):
    row = invoice(company)
    Account.objects.filter(company=company, code="62570000").update(code="62579000")
    row.refresh_from_db()
    assert row.sort_account == "62579000"


def test_a_credit_note_in_another_currency_weighs_in_the_currency_of_the_company(company: Company):
    row = invoice(
        company,
        kind=Kind.CREDIT_NOTE,
        currency="USD",
        gross_amount=Decimal("10.00"),
        vat_amount=None,
        base_currency="EUR",
        base_gross_amount=Decimal("9.20"),
    )
    row.refresh_from_db()
    assert row.signed_amount == Decimal("-9.20")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?min=200", ["Avoir", "Gros"]),
        ("?max=20", ["Petit"]),
        ("?min=212,40&max=212.40 €", ["Avoir"]),
        ("?min=beaucoup", ["Avoir", "Gros", "Petit"]),
        ("?source=dext", ["Petit"]),
    ],
)
def test_one_filters_by_amount_and_by_origin(reader: Client, company: Company, query: str, expected: list[str]):
    invoice(company, "Avoir", kind=Kind.CREDIT_NOTE, gross_amount=Decimal("212.40"), vat_amount=None)
    invoice(company, "Gros", gross_amount=Decimal("1743.54"), vat_amount=None)
    invoice(company, "Petit", gross_amount=Decimal("5.76"), vat_amount=None, source=Source.DEXT, external_id="RB-1")
    assert sorted(names(page(reader, company, query))) == expected


def test_a_supplier_beyond_the_first_three_hundred_is_found_by_his_address(reader: Client, company: Company):
    company.suppliers.model.objects.bulk_create(
        company.suppliers.model(company=company, name=f"A{number:03}", folded_name=f"a{number:03}")
        for number in range(301)
    )
    last = invoice(company, "Zèbre")
    html = page(reader, company, f"?fournisseur={last.supplier_id}")
    assert names(html) == ["Zèbre"]
    assert "Fournisseur\u00a0: Zèbre" in html
