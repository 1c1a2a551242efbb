"""A mixed VAT is split in lines of one rate each, as a person chose, and back: the amounts received never move."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.editing import lock_editable
from achats.changing.history import LINED, SPLIT, UNITED
from achats.changing.line_states import AMOUNTS, changes_between, state_of
from achats.models import InvoiceLine, Origin, PurchaseInvoice
from achats.vat.proposals import Proposal, ProposedPart, proposals_for
from firms.events import record_event
from firms.models import Event, User

TOLD = ("vat_code", *AMOUNTS)


class SplitNotProposed(Exception):
    """The purchase changed since the page was shown, and this split with it. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Cette répartition n’est plus proposée : la facture a changé. Voici son état actuel.")


class NothingToUnite(Exception):
    """The lines are not those of a split, or no longer. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Les lignes de cette facture ne viennent pas d’une répartition : elles restent.")


@transaction.atomic
def split_vat(*, invoice: PurchaseInvoice, key: str, by: User, at: datetime) -> PurchaseInvoice:
    """Replace the only line of `invoice` by those of the proposal `key`, with its account and label.

    Total and VAT stay to the cent. Writes `purchase.vat_split` with before and after. Raises InvoiceNotEditable,
    SplitNotProposed.
    """
    row = lock_editable(invoice, even_matched=True)
    lines = list(row.lines.select_related("account", "vat_code").order_by("position"))
    chosen = next((proposal for proposal in proposals_for(row, lines) if proposal.key == key), None)
    if chosen is None:
        raise SplitNotProposed
    before = state_of(lines[0])
    after = _write_lines(lines[0], chosen)
    changes = {"united": [before, None]} | changes_between([before], [state_of(line) for line in after], told=TOLD)
    record_event(company=row.company, kind=SPLIT, subject_id=row.pk, by=by, at=at, changes=changes)
    assess_and_store(row, by=by, at=at)
    return row


@transaction.atomic
def unite_lines(*, invoice: PurchaseInvoice, by: User, at: datetime) -> PurchaseInvoice:
    """Back to the one line that there was before the last split; the account of the first line stays.

    Writes `purchase.vat_united`. Raises InvoiceNotEditable, NothingToUnite.
    """
    row = lock_editable(invoice, even_matched=True)
    first, *others = list(row.lines.select_related("account", "vat_code").order_by("position"))
    whole = whole_before(row)
    total = sum((line.gross_amount for line in others), first.gross_amount)
    if not others or whole is None or total != Decimal(whole["gross_amount"]):
        raise NothingToUnite
    before = [state_of(line) for line in (first, *others)]
    row.lines.exclude(pk=first.pk).delete()
    _restore(first, whole)
    changes = changes_between(before, [state_of(first)], told=TOLD)
    record_event(company=row.company, kind=UNITED, subject_id=row.pk, by=by, at=at, changes=changes)
    assess_and_store(row, by=by, at=at)
    return row


def _write_lines(line: InvoiceLine, chosen: Proposal) -> list[InvoiceLine]:
    """The first part takes the place of `line`, the others follow it."""
    same = {name: getattr(line, name) for name in ("company", "invoice", "label", "account", "account_origin")}
    others = [InvoiceLine(**same, position=position) for position in range(2, len(chosen.parts) + 1)]
    lines = [line, *others]
    for row, part in zip(lines, chosen.parts, strict=True):
        _fill(row, part)
    line.save()
    InvoiceLine.objects.bulk_create(others)
    return lines


def _fill(line: InvoiceLine, part: ProposedPart) -> None:
    line.vat_code, line.vat_code_origin = part.vat_code, Origin.HAND
    line.net_amount, line.vat_amount, line.gross_amount = part.net_amount, part.vat_amount, part.gross_amount
    line.quantity = line.unit_price = None


def whole_before(row: PurchaseInvoice) -> dict[str, Any] | None:
    """The one line as the split, or the first change of its lines by hand, found it; None where it was taken back."""
    events = Event.objects.filter(company=row.company_id, subject_id=row.pk, kind__in=(SPLIT, LINED, UNITED))
    last = events.order_by("-id").first()
    return last.changes["united"][0] if last and last.kind != UNITED and "united" in last.changes else None


def _restore(line: InvoiceLine, whole: dict[str, Any]) -> None:
    for name in AMOUNTS:
        setattr(line, name, None if whole[name] is None else Decimal(whole[name]))
    line.vat_code = line.company.vat_codes.filter(code=whole["vat_code"]).first()
    line.vat_code_origin = whole["vat_code_origin"]
    line.save()
