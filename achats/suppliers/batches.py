"""Find, or create once, the suppliers that many names mean: a few queries, however many they are."""

from collections.abc import Collection

from django.db import transaction

from achats.models import Supplier, SupplierAlias, folded_supplier_name
from achats.turns import take_the_whole_turn
from firms.models import Company


def suppliers_named(*, company: Company, names: Collection[str]) -> dict[str, list[Supplier]]:
    """The suppliers that answer to each folded name: their own before an alias, those in use before the others."""
    folded = {folded_supplier_name(name) for name in names}
    found: dict[str, list[Supplier]] = {name: [] for name in folded}
    for supplier in Supplier.objects.filter(company=company, folded_name__in=folded).order_by("id"):
        found[supplier.folded_name].append(supplier)
    aliases = SupplierAlias.objects.filter(company=company, folded_name__in=folded).select_related("supplier")
    for alias in aliases.order_by("id"):
        found[alias.folded_name] = found[alias.folded_name] or [alias.supplier]
    return {name: [row for row in rows if row.is_active] or rows for name, rows in found.items()}


@transaction.atomic
def find_or_create_suppliers(*, company: Company, names: Collection[str]) -> dict[str, Supplier | None]:
    """As `find_or_create_supplier`, by folded name: None where two answer.

    While it runs, until the transaction ends, nobody else creates a supplier of `company`.
    """
    take_the_whole_turn("suppliers", company.pk)
    found = suppliers_named(company=company, names=names)
    missing = {folded_supplier_name(name): name.strip()[:200] for name in names}
    Supplier.objects.bulk_create(
        Supplier(company=company, name=name, folded_name=folded)
        for folded, name in missing.items()
        if not found[folded]
    )
    found = suppliers_named(company=company, names=names)
    return {folded: rows[0] if len(rows) == 1 else None for folded, rows in found.items()}
