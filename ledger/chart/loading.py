"""The chart that a company starts with: the purchase side of the PCG 2026 on eight digits, and its VAT codes.

Sources: Plan comptable général (règlement ANC 2014-03 in its version of 1 January 2026); rates of CGI art. 278 to
281 nonies (and 294 to 298 for Corsica and overseas), fuel of CGI art. 298 4 1°, reverse charge of CGI art. 283.
"""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from firms.models import Company
from ledger.models import Account, VatCode

HERE = Path(__file__).parent

# What a company's markers are unless its firm says otherwise: « Marqueur TVA » and « Pas de TVA par défaut ».
VAT_MARKER = "TVA20"
NO_VAT_MARKER = "SANS"


@transaction.atomic
def load_chart(*, company: Company) -> None:
    """Give `company` the accounts and VAT codes that it lacks; what it has is left as it is."""
    VatCode.objects.bulk_create(read_vat_codes(company), ignore_conflicts=True)
    codes = {vat_code.code: vat_code for vat_code in company.vat_codes.all()}
    Account.objects.bulk_create(read_accounts(company, codes), ignore_conflicts=True)


def read_vat_codes(company: Company | None = None) -> Iterator[VatCode]:
    """The rows of `vat_codes.csv`, not saved; a rate is in percent, a date may be open."""
    for row in read("vat_codes.csv"):
        yield VatCode(
            company=company,
            code=row["code"],
            label=row["label"],
            kind=row["kind"],
            rate=Decimal(row["rate"]) if row["rate"] else None,
            deductible_percent=int(row["deductible_percent"]),
            may_be_marker=row["may_be_marker"] == "1",
            may_be_no_vat=row["may_be_no_vat"] == "1",
            is_active=row["is_active"] == "1",
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        )


def read_accounts(company: Company, vat_codes: dict[str, VatCode]) -> Iterator[Account]:
    """The rows of `pcg_2026_purchases.csv`, not saved, each with its usual VAT code where it has one."""
    for row in read("pcg_2026_purchases.csv"):
        yield Account(
            company=company,
            code=row["code"],
            label=row["label"],
            is_purchase_allowed=row["purchase"] == "1",
            default_vat_code=vat_codes.get(row["vat_code"]),
        )


def read(filename: str) -> Iterator[dict[str, str]]:
    with (HERE / filename).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")
