"""An item that was published to one company, as another can take it: what does not exist there is left out, and told.

An account that is unknown, archived or not for purchases there comes without account (« Pas prêt » until somebody
chooses); a VAT code likewise falls to that company's settings; an id of MEG becomes the name that it stood for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from achats.models import PurchaseInvoice
from dext_connector.payloads import Fault, NamedPayment, NamedSupplier, PublishedItem
from dext_connector.resolving import resolve
from firms.models import Company

_NO_ACCOUNT = "elle y arrivera sans compte, «\u00a0Pas prêt\u00a0» sauf règle du fournisseur."
_NO_VAT_CODE = "ses paramètres Dext diront lequel prendre, le montant de TVA reste."
ABSENT = {
    "unknown_account": f"Le compte {{}} n’existe pas dans ce dossier\u00a0: {_NO_ACCOUNT}",
    "archived_account": f"Le compte {{}} est archivé dans ce dossier\u00a0: {_NO_ACCOUNT}",
    "account_not_for_purchases": f"Le compte {{}} n’est pas ouvert aux achats dans ce dossier\u00a0: {_NO_ACCOUNT}",
    "unknown_vat_code": f"Le code TVA {{}} n’existe pas dans ce dossier\u00a0: {_NO_VAT_CODE}",
    "archived_vat_code": f"Le code TVA {{}} est archivé dans ce dossier\u00a0: {_NO_VAT_CODE}",
    "vat_code_not_valid": f"Le code TVA {{}} n’est pas valable à cette date dans ce dossier\u00a0: {_NO_VAT_CODE}",
}


@dataclass(frozen=True)
class Adapted:
    """`item` as the other company takes it, and what it loses on the way, in sentences."""

    item: PublishedItem
    lost: tuple[str, ...]


def adapt_item(*, item: PublishedItem, invoice: PurchaseInvoice, target: Company) -> Adapted:
    """`item`, once published as `invoice`, for `target`. The amounts are never touched."""
    named = replace(
        item,
        supplier=_supplier_by_name(item.supplier, invoice),
        payment=NamedPayment(label=invoice.payment_label) if item.payment.id else item.payment,
    )
    rows, faults = resolve(company=target, item=named)
    lost = [ABSENT[fault.code].format(fault.value) for fault in faults]
    if named.payment.label and rows.payment_method is None:
        label = named.payment.label
        lost.append(
            f"Aucun moyen de paiement n’y porte le libellé «\u00a0{label}\u00a0»\u00a0: il est gardé comme texte."
        )
    return Adapted(_without(named, faults), tuple(dict.fromkeys(lost)))


def _supplier_by_name(supplier: NamedSupplier, invoice: PurchaseInvoice) -> NamedSupplier:
    """An id is of one company only."""
    if not supplier.id:
        return supplier
    row = invoice.supplier
    numbers = {"siren": row.siren, "vat_number": row.vat_number} if row else {}
    return NamedSupplier(name=invoice.supplier_name, **numbers)


def _without(item: PublishedItem, faults: Iterable[Fault]) -> PublishedItem:
    """`item` without the codes that `faults` point at."""
    pointers = {fault.pointer for fault in faults}
    lines = tuple(
        replace(
            line,
            account="" if f"/lines/{index}/account" in pointers else line.account,
            vat_code="" if f"/lines/{index}/vat_code" in pointers else line.vat_code,
        )
        for index, line in enumerate(item.lines)
    )
    return replace(
        item,
        lines=lines,
        account="" if "/account" in pointers else item.account,
        vat_code="" if "/vat_code" in pointers else item.vat_code,
    )
