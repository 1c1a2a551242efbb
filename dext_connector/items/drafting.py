"""A published item and the rows that it names → the draft that `achats` records, the five settings applied."""

from decimal import Decimal
from typing import Any

from achats.drafts import InvoiceDraft, LineDraft
from achats.models import Origin, Source, Supplier, SupplierRule
from dext_connector.items.consistency import line_gross
from dext_connector.items.silences import speak_for
from dext_connector.items.vat_settings import choose_vat_code
from dext_connector.models import IntegrationSettings
from dext_connector.payloads import PublishedItem, PublishedLine
from dext_connector.resolving import Rows
from ledger.models import Account

# What a draft has as the item has it.
_AS_PUBLISHED = (
    "kind", "external_id", "reference", "issued_on", "due_on", "currency", "vat_amount", "vat_breakdown",
    "paid_on", "base_currency", "exchange_rate", "owner_name", "owner_email", "description", "note", "source_url",
    "credited_reference", "allow_duplicate",
)  # fmt: skip


def draft_of(
    item: PublishedItem,
    rows: Rows,
    *,
    settings: IntegrationSettings,
    supplier: Supplier | None,
    rule: SupplierRule | None,
) -> InvoiceDraft:
    """Amounts as they came. An item without lines makes one line of the whole document.

    Where the item is silent, the supplier's rule speaks.
    """
    item, rows, ruled = speak_for(item, rows, rule)
    same: dict[str, Any] = {name: getattr(item, name) for name in _AS_PUBLISHED}
    return InvoiceDraft(
        **same,
        source=Source.DEXT,
        supplier=supplier,
        supplier_name=item.supplier.name or (supplier.name if supplier else ""),
        siren=item.supplier.siren,
        vat_number=item.supplier.vat_number,
        gross_amount=item.total,
        net_amount=item.net,
        base_gross_amount=item.base_total,
        is_paid=bool(item.is_paid),
        ruled_fields=ruled,
        payment_method=rows.payment_method,
        payment_label=item.payment.label or (rows.payment_method.label if rows.payment_method else ""),
        lines=tuple(_line(line, item, rows, settings, rule) for line in item.lines or (whole_of(item),)),
    )


def whole_of(item: PublishedItem) -> PublishedLine:
    return PublishedLine(label=item.description[:300], net=item.net, vat_amount=item.vat_amount, total=item.total)


def _line(
    line: PublishedLine, item: PublishedItem, rows: Rows, settings: IntegrationSettings, rule: SupplierRule | None
) -> LineDraft:
    account, account_origin = _account(rows.accounts.get(line.account or item.account), rule)
    vat_code, vat_code_origin = choose_vat_code(
        settings=settings,
        named=rows.vat_codes.get(line.vat_code or item.vat_code),
        rule=rule,
        extracted=_extracted(line, item),
        on=item.issued_on,
    )
    return LineDraft(
        label=line.label,
        account=account,
        account_origin=account_origin,
        vat_code=vat_code,
        vat_code_origin=vat_code_origin,
        net_amount=line.net,
        vat_amount=line.vat_amount,
        gross_amount=line_gross(line),
        quantity=line.quantity,
        unit_price=line.unit_price,
    )


def _account(named: Account | None, rule: SupplierRule | None) -> tuple[Account | None, str]:
    """The account that came, else the live rule's, marked so; never one that is archived or not for purchases."""
    if named is not None:
        return named, Origin.NAMED
    ruled = rule.account if rule else None
    if ruled is not None and ruled.is_active and ruled.is_purchase_allowed:
        return ruled, Origin.RULE
    return None, ""


def _extracted(line: PublishedLine, item: PublishedItem) -> Decimal | None:
    """The VAT of the line; of the document where no line has any."""
    if any(other.vat_amount is not None for other in item.lines):
        return line.vat_amount
    return line.vat_amount if line.vat_amount is not None else item.vat_amount
