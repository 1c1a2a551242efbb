"""A person changes what is known of a supplier: name, account, other names, rule."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from achats.models import Supplier, SupplierAlias, folded_supplier_name
from achats.suppliers.aliases import AliasTaken, add_aliases
from achats.suppliers.finding import wait_for_suppliers
from achats.suppliers.ruling import RuleValues, set_rule
from firms.events import record_event
from firms.models import User

__all__ = ["AliasTaken", "edit_supplier"]

FIELDS = ("name", "ledger_code", "is_active")


@transaction.atomic
def edit_supplier(
    *, supplier: Supplier, fields: dict, aliases: Collection[str], rule: RuleValues, by: User, at: datetime
) -> Supplier:
    """Set the FIELDS, the aliases (those that are not named go) and the rule of `supplier`.

    Writes `supplier.changed` with before and after, and the events of the rule. Raises AliasTaken: one of the names
    leads to another supplier.
    """
    wait_for_suppliers(supplier.company, [supplier.name, fields["name"], *aliases])
    row = Supplier.objects.select_for_update().select_related("company").get(pk=supplier.pk)
    changed = {name: [getattr(row, name), fields[name]] for name in FIELDS if getattr(row, name) != fields[name]}
    for name, (_, after) in changed.items():
        setattr(row, name, after)
    row.save()
    changed |= _set_aliases(row, aliases)
    if changed:
        record_event(company=row.company, kind="supplier.changed", subject_id=row.pk, by=by, at=at, changes=changed)
    set_rule(supplier=row, values=rule, by=by, at=at)
    return row


def _set_aliases(row: Supplier, aliases: Collection[str]) -> dict[str, list]:
    before = sorted(SupplierAlias.objects.filter(supplier=row).values_list("name", flat=True))
    wanted = {folded_supplier_name(alias) for alias in aliases}
    SupplierAlias.objects.filter(supplier=row).exclude(folded_name__in=wanted).delete()
    add_aliases(supplier=row, aliases=aliases)
    after = sorted(SupplierAlias.objects.filter(supplier=row).values_list("name", flat=True))
    return {"aliases": [before, after]} if before != after else {}
