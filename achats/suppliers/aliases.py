"""Give a supplier the other names under which its purchases come."""

from collections.abc import Collection

from achats.models import Supplier, SupplierAlias, folded_supplier_name


class AliasTaken(Exception):
    """Another supplier bears this name, or has this alias. `str()` is one French sentence."""

    def __init__(self, alias: str, other: Supplier) -> None:
        super().__init__(f"«\u00a0{alias}\u00a0» mène déjà au fournisseur «\u00a0{other}\u00a0».")
        self.alias = alias


def add_aliases(*, supplier: Supplier, aliases: Collection[str]) -> None:
    """Add those that `supplier` lacks. The caller holds their turns (`wait_for_suppliers`), in a transaction.

    Raises AliasTaken: the first that leads to another supplier.
    """
    wanted = {folded_supplier_name(alias): alias.strip() for alias in aliases}
    wanted.pop(supplier.folded_name, None)
    mine = Supplier.objects.filter(company=supplier.company_id)
    for other in mine.filter(folded_name__in=wanted).exclude(pk=supplier.pk).order_by("id"):
        raise AliasTaken(wanted[other.folded_name], other)
    held = SupplierAlias.objects.filter(company=supplier.company_id, folded_name__in=wanted).select_related("supplier")
    for alias in held.order_by("id"):
        if alias.supplier_id != supplier.pk:
            raise AliasTaken(wanted[alias.folded_name], alias.supplier)
        del wanted[alias.folded_name]
    SupplierAlias.objects.bulk_create(
        SupplierAlias(company_id=supplier.company_id, supplier=supplier, name=name, folded_name=folded)
        for folded, name in wanted.items()
    )
