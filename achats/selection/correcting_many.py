"""A person changes one thing on many purchases at once, as one deed; what cannot be changed is told, and left."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from achats.changing.correcting import FieldNotEditable, InvoiceNotEditable, correct_invoice
from achats.models import CorrectionDeed, PaymentMethod, PurchaseInvoice
from firms.models import Company, User
from firms.typography import NBSP, count_of, format_count
from ledger.models import Account, VatCode

AT_MOST = 500


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What every chosen purchase shall bear; None leaves it. Accounts and codes go on all of its lines."""

    account: Account | None = None
    vat_code: VatCode | None = None
    payment_method: PaymentMethod | None = None

    @property
    def for_lines(self) -> dict[str, Account | VatCode]:
        values = {"account": self.account, "vat_code": self.vat_code}
        return {name: value for name, value in values.items() if value is not None}

    def __str__(self) -> str:
        words = [f"compte {self.account}"] if self.account else []
        words += [f"code TVA {self.vat_code}"] if self.vat_code else []
        return ", ".join([*words, *([f"paiement {self.payment_method}"] if self.payment_method else [])])


@dataclass(frozen=True)
class Outcome:
    """`deed` is None where nothing changed; `refused` counts the purchases that were left, by cause."""

    deed: CorrectionDeed | None
    changed: tuple[UUID, ...]
    refused: Counter[str]

    @property
    def sentence(self) -> str:
        """« 9 factures : compte 62570000 Réceptions. 3 non modifiées : comptabilisée (2), annulée (1). »"""
        return self.told(str(self.deed) if self.deed else "", self.refused)

    @staticmethod
    def told(done: str, refused: Counter[str]) -> str:
        """What was done, "" for nothing, and how many were left for which causes."""
        done = f"{done}." if done else "Rien n’a changé."
        if not refused:
            return done
        causes = ", ".join(f"{cause} ({format_count(number)})" for cause, number in refused.most_common())
        left = count_of(refused.total(), "non modifiée", "non modifiées")
        return f"{done} {left}{NBSP}: {causes}."


@transaction.atomic
def correct_many(*, company: Company, chosen: Collection[UUID], wanted: Wanted, by: User, at: datetime) -> Outcome:
    """Give what `wanted` says to each of `chosen` (at most AT_MOST, else ValueError), through `correct_invoice`.

    The deed is kept with what stood before, for `undoing.undo_correction`.
    """
    if len(chosen) > AT_MOST:
        raise ValueError(f"more than {AT_MOST} purchases")
    changes, refused = {}, Counter[str]()
    for invoice in PurchaseInvoice.objects.filter(company=company, pk__in=chosen).order_by("pk"):
        before = _before(invoice, wanted)
        try:
            if before:
                _correct(invoice, wanted, by, at)
                changes[str(invoice.pk)] = before
        except (InvoiceNotEditable, FieldNotEditable) as refusal:
            refused[_cause(refusal)] += 1
    deed = _kept(company, changes, wanted, by, at) if changes else None
    return Outcome(deed, tuple(map(UUID, changes)), refused)


def _correct(invoice: PurchaseInvoice, wanted: Wanted, by: User, at: datetime) -> None:
    lines = {line.pk: wanted.for_lines for line in invoice.lines.all()} if wanted.for_lines else {}
    changes = {"payment_method": wanted.payment_method} if wanted.payment_method else {}
    with transaction.atomic():
        correct_invoice(invoice=invoice, changes=changes, lines=lines, by=by, at=at)


def _before(invoice: PurchaseInvoice, wanted: Wanted) -> dict:
    """What `wanted` would change of `invoice`, as a deed keeps it; empty where it bears all of it."""
    lines = {
        str(line.pk): changed
        for line in invoice.lines.order_by("position")
        if (
            changed := {
                name: [_id(getattr(line, f"{name}_id")), getattr(line, f"{name}_origin"), str(value.pk)]
                for name, value in wanted.for_lines.items()
                if getattr(line, f"{name}_id") != value.pk
            }
        )
    }
    before: dict[str, object] = {"lines": lines} if lines else {}
    method = wanted.payment_method
    if method and invoice.payment_method_id != method.pk:
        before["payment_method"] = [_id(invoice.payment_method_id), str(method.pk)]
    return before


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _kept(company: Company, changes: dict, wanted: Wanted, by: User, at: datetime) -> CorrectionDeed:
    words = f"{count_of(len(changes), 'facture')}{NBSP}: {wanted}"
    return CorrectionDeed.objects.create(company=company, words=words[:300], changes=changes, at=at, by=by)


def _cause(refusal: Exception) -> str:
    """« comptabilisée », of « La facture Orange est comptabilisée : elle ne se modifie plus. »"""
    said = refusal.because if isinstance(refusal, InvoiceNotEditable) else str(refusal)
    found = re.search(r"\best (.+?)\s*:", said)
    return found[1] if found else said
