"""One company's open invoices and lines, read: its labels, the rarity of its names, its numbers, what was rejected."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from banking.matching.blocking import LineIndex, Read
from banking.matching.decision import vetoes_of
from banking.matching.facts import InvoiceFact, Memory, Part, Policy, TransactionFact, supplier_key
from banking.matching.features import Evidence, gather_evidence
from banking.matching.labels import read_label
from banking.matching.names import Names
from banking.matching.references import References
from banking.matching.scoring import is_close

AS_LATE_WITHIN = 4
RETURNED_WITHIN = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Case:
    """What `match` was asked, and what was read of it once. `returned` are the lines that the bank gave back."""

    invoices: Sequence[InvoiceFact]
    reads: Sequence[Read]
    index: LineIndex
    names: Names
    references: References
    memory: Memory
    policy: Policy
    returned: frozenset[str]

    def evidence(self, invoice: InvoiceFact, read: Read) -> Evidence:
        """What speaks for the pair, under whichever of the supplier's names the label tells best."""
        found = gather_evidence(invoice, read, self.names, self.references, self.memory)
        for name in invoice.other_names:
            other = gather_evidence(replace(invoice, supplier=name), read, self.names, self.references, self.memory)
            found = max(found, other, key=lambda evidence: (not evidence.is_better_told, evidence.name))
        return found

    def vetoes(self, evidence: Evidence) -> tuple[str, ...]:
        found = vetoes_of(evidence, self.policy, evidence.line.id in self.returned)
        return (*found, "series") if self._may_be_another_months(evidence) else found

    def _may_be_another_months(self, evidence: Evidence) -> bool:
        """Of a series that was matched before, and neither close nor as late as ever: its own line may be missing."""
        invoice, line = evidence.invoice, evidence.line
        lags = self.memory.lags.get((supplier_key(invoice), invoice.cents))
        if lags is None or invoice.cents != -line.cents or is_close(evidence):
            return False
        return all(abs(evidence.days - lag) > AS_LATE_WITHIN for lag in lags)

    def is_refused(self, parts: Iterable[Part]) -> bool:
        """Whether a person said no to one of these pairs."""
        return any((part.invoice_id, part.transaction_id) in self.memory.refused for part in parts)


def read_case(
    invoices: Sequence[InvoiceFact], transactions: Sequence[TransactionFact], memory: Memory, policy: Policy
) -> Case:
    reads = [(line, read_label(line.label, line.booked_on)) for line in transactions]
    index = LineIndex(reads)
    return Case(
        invoices=invoices,
        reads=reads,
        index=index,
        names=Names(_names(invoices), (label.words for _, label in reads)),
        references=References(invoices),
        memory=memory,
        policy=policy,
        returned=frozenset(line.id for line, _ in reads if line.cents < 0 and _is_returned(index, line)),
    )


def _names(invoices: Iterable[InvoiceFact]) -> Iterator[str]:
    for invoice in invoices:
        yield invoice.supplier
        yield from invoice.other_names


def _is_returned(index: LineIndex, line: TransactionFact) -> bool:
    """A line whose cents came back as a rejected payment within some days paid nothing."""
    return any(label.kind == "return" for _, label in index.returns(line, RETURNED_WITHIN))
