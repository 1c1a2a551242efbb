"""What speaks for and against one pair, before it is weighed."""

from dataclasses import dataclass
from typing import Literal

from banking.matching.blocking import Read
from banking.matching.facts import InvoiceFact, Memory, TransactionFact, supplier_key
from banking.matching.labels import Label
from banking.matching.names import Names
from banking.matching.references import References, shared_reference

TOLD = 0.45
FAINTLY_TOLD = 0.3
Agreement = Literal["agrees", "contradicts", "unknown"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One pair and its features. Days count from the document to the bank, negative when the bank came first."""

    invoice: InvoiceFact
    line: TransactionFact
    label: Label
    name: float
    is_better_told: bool
    is_alias: bool
    reference: str
    is_another_named: bool
    days: int
    days_of_purchase: int | None
    days_to_due: int | None
    card: Agreement
    account: Agreement

    @property
    def is_told(self) -> bool:
        """The label tells the supplier or the document: by its number, its name or a learnt alias."""
        if self.is_another_named:
            return False
        return bool(self.reference) or self.is_alias or (self.name >= TOLD and not self.is_better_told)

    @property
    def is_nameless(self) -> bool:
        """A cheque, a draft, a carrier: the label names nobody, so it contradicts nobody."""
        return not any(len(word) > 2 for word in self.label.words)


def gather_evidence(invoice: InvoiceFact, read: Read, names: Names, references: References, memory: Memory) -> Evidence:
    line, label = read
    reference = shared_reference(invoice.number, label.references)
    name = names.similarity(invoice.supplier, label.words)
    return Evidence(
        invoice=invoice,
        line=line,
        label=label,
        name=name,
        is_better_told=name >= FAINTLY_TOLD and names.is_better_told(invoice.supplier, label.words),
        is_alias=memory.supplier_of(line.creditor_identifier or label.creditor, label.core) == supplier_key(invoice),
        reference=reference,
        is_another_named=not reference and bool(references.named_in(label)),
        days=(line.booked_on - invoice.issued_on).days,
        days_of_purchase=(label.purchased_on - invoice.issued_on).days if label.purchased_on else None,
        days_to_due=(line.booked_on - invoice.due_on).days if invoice.due_on else None,
        card=_agreement(invoice.method_last_four, label.last_four),
        account=_membership(invoice, line),
    )


def _agreement(mine: str, theirs: str) -> Agreement:
    if not mine or not theirs:
        return "unknown"
    return "agrees" if mine == theirs else "contradicts"


def _membership(invoice: InvoiceFact, line: TransactionFact) -> Agreement:
    if not invoice.account_keys:
        return "unknown"
    return "agrees" if line.account_id in invoice.account_keys else "contradicts"
