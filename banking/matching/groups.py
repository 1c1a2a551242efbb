"""Invoices and lines that only add up together: what is left after the pairs, and how groups of it are settled."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from banking.matching.blocking import Read
from banking.matching.board import Board
from banking.matching.case import Case
from banking.matching.facts import InvoiceFact, Part, Reason, supplier_key
from banking.matching.features import TOLD, alias_of, names_of

# How many sums as good as this one may be expected by accident, for the machine to trust it.
MOST_ACCIDENTS = 0.01


@dataclass(frozen=True, slots=True)
class Group:
    """Some invoices and lines that belong together; `accidents` is the expected number of like sums by chance.

    `obstacles` are the reasons why a person must decide; with none, and few accidents, the machine settles it.
    """

    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    obstacles: tuple[Reason, ...]
    accidents: float
    score: int

    @property
    def is_certain(self) -> bool:
        return not self.obstacles and self.accidents <= MOST_ACCIDENTS

    @property
    def ends(self) -> set[str]:
        return {end for part in self.parts for end in (part.invoice_id, part.transaction_id)}

    @property
    def order(self) -> tuple[float, int, tuple[tuple[str, str], ...]]:
        return self.accidents, -self.score, tuple((part.invoice_id, part.transaction_id) for part in self.parts)


@dataclass(slots=True)
class Rest:
    """The invoices and lines of a case that nothing took yet, by what tells them."""

    case: Case
    invoices: list[InvoiceFact]
    reads: list[Read]
    of_supplier: dict[str, list[InvoiceFact]] = field(default_factory=lambda: defaultdict(list))
    of_payer: dict[str, list[InvoiceFact]] = field(default_factory=lambda: defaultdict(list))
    of_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ids: set[str] = field(default_factory=set)
    _told: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for invoice in self.invoices:
            key = supplier_key(invoice)
            self.of_supplier[key].append(invoice)
            for name in names_of(invoice):
                self.of_name[name].add(key)
            if invoice.payer:
                self.of_payer[invoice.payer].append(invoice)
            self.ids.add(invoice.id)

    def alias(self, read: Read) -> str:
        """The key of the supplier that people confirmed for these words or this creditor."""
        return alias_of(self.case.memory, read)

    def keys_told(self, read: Read) -> list[str]:
        """The suppliers that the label tells, by learnt alias, by a document's number, by name."""
        if read[0].id not in self._told:
            self._told[read[0].id] = self._keys_told(read)
        return self._told[read[0].id]

    def _keys_told(self, read: Read) -> list[str]:
        alias = self.alias(read)
        keys = [alias] if alias in self.of_supplier else []
        keys += [supplier_key(invoice) for invoice in self.numbered(read)]
        named = self.case.names.told_by(read[1].words, TOLD)
        keys += [key for name in named for key in sorted(self.of_name.get(name, ()))]
        # A document without a supplier, told by its number, tells none.
        return list(dict.fromkeys(filter(None, keys)))

    def numbered(self, read: Read) -> list[InvoiceFact]:
        """The open documents whose number stands in the label, in order of date."""
        return [invoice for invoice in self.case.references.named_in(read[1]) if invoice.id in self.ids]

    def obstacles(self, invoices: Iterable[InvoiceFact], reads: Sequence[Read], *, but: str = "") -> list[Reason]:
        """What forbids the machine to settle any of these pairs, `but` one code."""
        found = {code for invoice in invoices for read in reads for code in self.case.vetoes(invoice, read)}
        return [Reason(f"not_auto_{code}") for code in sorted(found - {but})]


def rest_of(board: Board, case: Case) -> Rest:
    """What is left; an invoice or a line that has a proven pair, undecided, is left to it."""
    spoken_for = {end for pair in board.proven if board.is_free(pair) for end in pair.ends}
    closed = board.taken | spoken_for
    return Rest(
        case,
        invoices=sorted((i for i in case.invoices if i.id not in closed), key=lambda i: (i.issued_on, i.id)),
        reads=sorted((r for r in case.reads if r[0].id not in closed), key=lambda r: (r[0].booked_on, r[0].id)),
    )


def settle_groups(board: Board, groups: Sequence[Group]) -> list[Group]:
    """The groups that the machine settles, taken on the board: certain, and no other certain one wants their ends."""
    certain = [group for group in groups if group.is_certain]
    wanted = Counter(end for group in certain for end in group.ends)
    settled = [group for group in certain if all(wanted[end] == 1 for end in group.ends)]
    for group in settled:
        for part in group.parts:
            board.take(part.invoice_id, part.transaction_id)
    return sorted(settled, key=lambda group: group.order)
