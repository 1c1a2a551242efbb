"""Find who sells, or create him once, however many publishes name him at the same moment."""

import re
from collections.abc import Iterable

from django.db import transaction
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren as fr_siren

from achats.models import Supplier, folded_supplier_name
from achats.turns import share_the_turn, wait_our_turn
from firms.models import Company

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]")


@transaction.atomic
def find_or_create_supplier(*, company: Company, name: str, siren: str = "", vat_number: str = "") -> Supplier | None:
    """The supplier of `company` with this SIREN or VAT number, else with this folded name or alias, else a new one.

    None where two answer: a person chooses. A number that is no number (stdnum), or the company's own, is not looked
    at; one that came for a supplier who had none is kept. Simultaneous calls make one supplier.
    """
    numbers = _numbers(company, siren, vat_number)
    for attempt in ("look", "wait and look"):
        if attempt == "wait and look":
            wait_for_suppliers(company, [name], siren, vat_number)
        found = answering(company=company, name=name, siren=numbers[0], vat_number=numbers[1])
        if len(found) > 1:
            return None
        if found:
            return _with_numbers(found[0], *numbers)
    return Supplier.objects.create(company=company, name=name.strip()[:200], siren=numbers[0], vat_number=numbers[1])


def wait_for_suppliers(company: Company, names: Iterable[str], siren: str = "", vat_number: str = "") -> None:
    """Nobody else makes a supplier of one of these names or numbers until the transaction ends."""
    share_the_turn("suppliers", company.pk)
    folded = [folded_supplier_name(name) for name in names]
    wait_our_turn("supplier", company.pk, *folded, *_numbers(company, siren, vat_number))


def answering(*, company: Company, name: str, siren: str = "", vat_number: str = "") -> list[Supplier]:
    """The suppliers that answer to a number, else to a name, else to an alias; those in use before those that are not.

    A name does not answer where its SIREN and the one given are two: they are two companies.
    """
    rows = Supplier.objects.filter(company=company)
    for key, value in (("siren", siren), ("vat_number", vat_number)):
        if value and (found := _in_use_first(list(rows.filter(**{key: value}).order_by("id")))):
            return found
    folded = folded_supplier_name(name)
    named = rows.filter(folded_name=folded).order_by("id") or rows.filter(aliases__folded_name=folded).order_by("id")
    return _in_use_first([row for row in named if not (siren and row.siren and row.siren != siren)])


def _in_use_first(found: list[Supplier]) -> list[Supplier]:
    return [row for row in found if row.is_active] or found


def _numbers(company: Company, siren: str, vat_number: str) -> tuple[str, str]:
    """The SIREN and VAT number, bare; a French VAT number (FR, two digits, SIREN) gives the SIREN that is missing."""
    bare = _NOT_ALPHANUMERIC.sub("", siren)[:9]
    vat = _NOT_ALPHANUMERIC.sub("", vat_number).upper()
    if not eu_vat.is_valid(vat) or (company.siren and vat.endswith(company.siren)):
        vat = ""
    if not bare and vat.startswith("FR"):
        bare = vat[4:]
    is_theirs = fr_siren.is_valid(bare) and bare not in {company.siren, "000000000"}
    return (bare if is_theirs else "", vat)


def _with_numbers(supplier: Supplier, siren: str, vat_number: str) -> Supplier:
    missing = {
        key: value
        for key, value in (("siren", siren), ("vat_number", vat_number))
        if value and not getattr(supplier, key)
    }
    for key, value in missing.items():
        setattr(supplier, key, value)
    if missing:
        supplier.save(update_fields=[*missing, "updated_at"])
    return supplier
