"""One company's open invoices and lines, read: its labels, the rarity of its names, its numbers, what was rejected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from banking.matching.blocking import LineIndex, Read, given_back
from banking.matching.board import Board
from banking.matching.columns import UNKNOWN, Ints
from banking.matching.decision import vetoes_of
from banking.matching.evidence import Evidence, nearness
from banking.matching.facts import InvoiceFact, Lexicon, Memory, Part, Policy, TransactionFact, supplier_key
from banking.matching.features import Sheet, agreement, alias_of, membership, names_of
from banking.matching.labels import read_label
from banking.matching.names import Names, seen_in
from banking.matching.pairs import POINTS, Pair, Rows, kept_rows
from banking.matching.purposes import is_no_purchase
from banking.matching.references import References
from banking.matching.scoring import is_close

AS_LATE_WITHIN = 4
RETURNED_WITHIN = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Case:
    """What `match` was asked, each side in order of id, and what was read of it once.

    `returned` are the lines that the bank gave back.
    """

    invoices: Sequence[InvoiceFact]
    reads: Sequence[Read]
    names: Names
    references: References
    memory: Memory
    policy: Policy
    returned: frozenset[str]

    def board(self) -> Board:
        """The possible pairs, weighed."""
        rows = self._rows()
        return Board(
            rows,
            ([invoice.id for invoice in self.invoices], [line.id for line, _ in self.reads]),
            lambda row: self._pair(rows[row], row),
        )

    def vetoes(self, invoice: InvoiceFact, read: Read) -> tuple[str, ...]:
        found = vetoes_of(invoice, read, self.policy, read[0].id in self.returned)
        known = {
            "doubted": self._is_doubted,
            "series": self._may_be_another_months,
            "no_purchase": self._is_no_purchase,
        }
        return (*found, *(code for code, holds in known.items() if holds(invoice, read)))

    def _is_doubted(self, invoice: InvoiceFact, read: Read) -> bool:
        """Whether somebody once said no to the pair, and took it back."""
        return (invoice.id, read[0].id) in self.memory.doubted

    def _is_no_purchase(self, invoice: InvoiceFact, read: Read) -> bool:
        """A wage, a rent or cash by its words, which neither its number nor its alias contradicts."""
        if not is_no_purchase(invoice, read):
            return False
        return alias_of(self.memory, read) != supplier_key(invoice) and not nearness(invoice, read).reference

    def _may_be_another_months(self, invoice: InvoiceFact, read: Read) -> bool:
        """Of a series that was matched before, and neither close nor as late as ever: its own line may be missing."""
        lags = self.memory.lags.get((supplier_key(invoice), invoice.cents))
        if lags is None or invoice.cents != -read[0].cents or is_close(near := nearness(invoice, read), read[1]):
            return False
        return read[1].kind == "card" or all(abs(near.days - lag) > AS_LATE_WITHIN for lag in lags)

    def is_refused(self, parts: Iterable[Part]) -> bool:
        """Whether a person said no to one of these pairs."""
        return any((part.invoice_id, part.transaction_id) in self.memory.refused for part in parts)

    def is_doubted(self, parts: Iterable[Part]) -> bool:
        """Whether a person said no to one of these pairs, and took it back."""
        return any((part.invoice_id, part.transaction_id) in self.memory.doubted for part in parts)

    def _rows(self) -> Rows:
        sheet = Sheet(self.invoices, self.reads, self.names, self.references, self.memory)
        refused = self._refused()
        count = np.zeros(len(self.invoices), np.int64)
        batches = []
        for invoice, line in LineIndex(self.reads).pairs(self.invoices, self.policy):
            allowed = ~np.isin(invoice * len(self.reads) + line, refused)
            pairs = sheet.features((invoice[allowed], line[allowed]))
            count += np.bincount(pairs.at[0], minlength=len(count))
            batches.append(kept_rows(pairs, self.policy.weights))
        rows = np.concatenate(batches)
        rows["is_only_line"] = count[rows["invoice"]] == 1
        return rows[np.lexsort((rows["line"], rows["invoice"], -rows["score"]))]

    def _refused(self) -> Ints:
        """The pairs to which a person said no, each as one number: the invoice's place × the lines + the line's."""
        invoices = {invoice.id: place for place, invoice in enumerate(self.invoices)}
        lines = {line.id: place for place, (line, _) in enumerate(self.reads)}
        known = ((invoices.get(i, UNKNOWN), lines.get(t, UNKNOWN)) for i, t in self.memory.refused)
        return np.array([i * len(lines) + t for i, t in known if UNKNOWN not in (i, t)], np.int64)

    def _pair(self, row: np.void, place: int) -> Pair:
        invoice, read = self.invoices[row["invoice"]], self.reads[row["line"]]
        points = {part: int(row[column]) for part, column in POINTS.items()}
        return Pair(
            self._evidence(row, invoice, read),
            points,
            self.vetoes(invoice, read),
            self.policy.weights.proven,
            row=place,
            is_only_line=bool(row["is_only_line"]),
        )

    def _evidence(self, row: np.void, invoice: InvoiceFact, read: Read) -> Evidence:
        line, label = read
        near = nearness(invoice, read)
        return Evidence(
            reference=near.reference,
            days=near.days,
            days_of_purchase=near.days_of_purchase,
            days_to_due=near.days_to_due,
            invoice=invoice,
            line=line,
            label=label,
            told_as=names_of(invoice)[row["told_as"]],
            name=float(row["name"]),
            is_better_told=bool(row["is_better_told"]),
            is_alias=bool(row["is_alias"]),
            is_another_named=bool(row["is_another_named"]),
            card=agreement(invoice.method_last_four, label.last_four),
            account=membership(invoice.account_keys, line.account_id),
        )


def read_case(
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    memory: Memory,
    policy: Policy,
    lexicon: Lexicon | None = None,
    seen: Mapping[str, int] | None = None,
) -> Case:
    """`lexicon` is that of the company, where these are not all of its open invoices and lines; `seen` its words'."""
    reads = [(line, read_label(line.label, line.booked_on)) for line in sorted(transactions, key=lambda line: line.id)]
    returned = np.flatnonzero(given_back(reads, RETURNED_WITHIN)).tolist()
    lexicon = lexicon or lexicon_of(invoices, reads, seen)
    return Case(
        invoices=sorted(invoices, key=lambda invoice: invoice.id),
        reads=reads,
        names=Names(lexicon.suppliers, lexicon.seen),
        references=References(invoices, lexicon.numbers),
        memory=memory,
        policy=policy,
        returned=frozenset(reads[place][0].id for place in returned),
    )


def lexicon_of(
    invoices: Sequence[InvoiceFact], reads: Sequence[Read], seen: Mapping[str, int] | None = None
) -> Lexicon:
    return Lexicon(
        suppliers=frozenset(name for invoice in invoices for name in names_of(invoice)),
        seen=seen_in(label.words for _, label in reads) if seen is None else seen,
        numbers=frozenset(invoice.number for invoice in invoices),
    )
