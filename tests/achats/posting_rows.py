"""Purchases that may be posted: a company whose year 2019 is open, and lines with their account and VAT code."""

from datetime import date
from decimal import Decimal

from achats.models import Origin, PurchaseInvoice
from firms.models import Company
from ledger.models import FiscalYear, JournalEntry
from tests.factories.achats import PurchaseInvoiceFactory, line
from tests.factories.firms import CompanyFactory


def open_company_of_2019(**fields) -> Company:
    company = CompanyFactory.create(**fields)
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    return company


def a_line(company: Company, gross: str, vat: str | None, *, account: str = "60630000", code: str | None = "TVAMULTI"):
    return line(
        gross,
        vat_amount=None if vat is None else Decimal(vat),
        account=company.accounts.get(code=account),
        account_origin=Origin.HAND,
        vat_code=company.vat_codes.get(code=code) if code else None,
        vat_code_origin=Origin.MARKER if code else "",
    )


def a_receipt(company: Company, *lines, name: str = "Franprix", vat: str | None = "0.61", **fields) -> PurchaseInvoice:
    """5,76 € with 0,61 € of VAT at Franprix, unless told otherwise."""
    rows = lines or (a_line(company, "5.76", vat),)
    total = sum((row.gross_amount for row in rows), Decimal(0))
    amounts = {"gross_amount": total, "vat_amount": None if vat is None else Decimal(vat)}
    return PurchaseInvoiceFactory.create(
        company=company, supplier_name=name, lines=rows, **amounts | {"issued_on": date(2019, 8, 19)} | fields
    )


def moves(entry: JournalEntry | None) -> list[tuple[str, str, str, str]]:
    """(account, third party, debit, credit) of each line, in order."""
    assert entry
    rows = entry.lines.select_related("account", "third_party").order_by("position")
    return [
        (
            row.account.code,
            row.third_party.code if row.third_party else "",
            f"{row.debit:.2f}" if row.debit else "",
            f"{row.credit:.2f}" if row.credit else "",
        )
        for row in rows
    ]
