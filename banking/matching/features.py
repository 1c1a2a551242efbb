"""What speaks for and against the possible pairs, before it is weighed: a column a feature, no loop over pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from banking.matching.blocking import Read
from banking.matching.columns import UNKNOWN, Flags, Floats, Ints, Places, coded, days_of, distinct, flags, per_distinct
from banking.matching.facts import InvoiceFact, Memory, supplier_key
from banking.matching.labels import Label
from banking.matching.names import Names
from banking.matching.numbering import tells_another
from banking.matching.references import References, shared_reference

TOLD = 0.45
FAINTLY_TOLD = 0.3
Agreement = Literal["agrees", "contradicts", "unknown"]
# More days than any two dates are apart.
NEVER = 1 << 22
SIGN: dict[Agreement, int] = {"agrees": 1, "contradicts": -1, "unknown": 0}


@dataclass(frozen=True, slots=True)
class Features:
    """Some pairs, a row each. `at` are the places of both ends in the case; `card` and `account` are signs.

    Days count from the document to the bank, negative when the bank came first; `NEVER` where there is no such date.
    `told_as` is the place of the name that the label tells best: 0 the supplier's own, then its other names.
    """

    at: Places
    told_as: Ints
    name: Floats
    is_better_told: Flags
    is_alias: Flags
    has_reference: Flags
    is_another_named: Flags
    is_nameless: Flags
    is_round: Flags
    is_off_bank: Flags
    is_card: Flags
    days: Ints
    days_of_purchase: Ints
    days_to_due: Ints
    card: Ints
    account: Ints

    @property
    def is_told(self) -> Flags:
        """The label tells the supplier or the document: by its number, its name or a learnt alias."""
        by_name = (self.name >= TOLD) & ~self.is_better_told
        return ~self.is_another_named & (self.has_reference | self.is_alias | by_name)


class _Documents:
    """The columns of the invoices."""

    def __init__(self, invoices: Sequence[InvoiceFact]) -> None:
        self.names = coded(names_of(invoice) for invoice in invoices)
        self.key = coded(map(supplier_key, invoices))
        self.number = coded(invoice.number for invoice in invoices)
        self.has_number = flags(bool(invoice.number) for invoice in invoices)
        self.card = coded(invoice.method_last_four for invoice in invoices)
        self.accounts = coded(invoice.account_keys for invoice in invoices)
        self.issued = days_of(invoice.issued_on for invoice in invoices)
        self.due = days_of(invoice.due_on for invoice in invoices)
        self.is_round = flags(map(is_round, invoices))
        self.is_off_bank = flags(invoice.is_off_bank for invoice in invoices)


class _Lines:
    """The columns of the bank lines and their labels."""

    def __init__(self, reads: Sequence[Read], references: References) -> None:
        self.words = coded(label.words for _, label in reads)
        self.references = coded(label.references for _, label in reads)
        self.numbers = coded((label.references, label.documents) for _, label in reads)
        self.has_references = flags(bool(label.references) for _, label in reads)
        self.names_documents = flags(references.are_named_in(label) for _, label in reads)
        self.card = coded(label.last_four for _, label in reads)
        self.account = coded(line.account_id for line, _ in reads)
        self.booked = days_of(line.booked_on for line, _ in reads)
        self.bought = days_of(label.purchased_on for _, label in reads)
        self.is_nameless = flags(is_nameless(label) for _, label in reads)
        self.is_card = flags(label.kind == "card" for _, label in reads)


class Sheet:
    """The columns of one company's invoices and lines, from which the features of any pairs are taken."""

    def __init__(
        self,
        invoices: Sequence[InvoiceFact],
        reads: Sequence[Read],
        names: Names,
        references: References,
        memory: Memory,
    ) -> None:
        self._names = names
        self._documents, self._lines = _Documents(invoices), _Lines(reads, references)
        # A document without a supplier has no key, and no alias means it.
        aliases = [alias_of(memory, read) for read in reads]
        self._aliases = np.where(flags(map(bool, aliases)), self._documents.key.codes_of(aliases), UNKNOWN)

    def features(self, at: Places) -> Features:
        """Of the pairs of these places."""
        (invoice, line), documents, lines = at, self._documents, self._lines
        has_reference = self._shares_reference(at)
        return Features(
            at,
            *self._told_columns(at),
            is_alias=(self._aliases[line] != UNKNOWN) & (documents.key.codes[invoice] == self._aliases[line]),
            has_reference=has_reference,
            is_another_named=~has_reference & (lines.names_documents[line] | self._tells_another(at)),
            is_nameless=lines.is_nameless[line],
            is_round=documents.is_round[invoice],
            is_off_bank=documents.is_off_bank[invoice],
            is_card=lines.is_card[line],
            days=_days(documents.issued[invoice], lines.booked[line]),
            days_of_purchase=_days(documents.issued[invoice], lines.bought[line]),
            days_to_due=_days(documents.due[invoice], lines.booked[line]),
            card=per_distinct(_card_sign, documents.card, lines.card, at).astype(np.int64),
            account=per_distinct(_account_sign, documents.accounts, lines.account, at).astype(np.int64),
        )

    def _shares_reference(self, at: Places) -> Flags:
        found = self._documents.has_number[at[0]] & self._lines.has_references[at[1]]
        some = at[0][found], at[1][found]
        found[found] = per_distinct(_is_shared, self._documents.number, self._lines.references, some) > 0
        return found

    def _tells_another(self, at: Places) -> Flags:
        found = self._documents.has_number[at[0]] & self._lines.has_references[at[1]]
        some = at[0][found], at[1][found]
        found[found] = per_distinct(_is_another, self._documents.number, self._lines.numbers, some) > 0
        return found

    def _told_columns(self, at: Places) -> tuple[Ints, Floats, Flags]:
        """Of all pairs what `_told` says of one."""
        found, places = distinct(self._documents.names, self._lines.words, at)
        told = np.array([self._told(*pair) for pair in found], np.float64)
        told_as, name, is_better_told = told.reshape(-1, 3).T[:, places]
        return told_as.astype(np.int64), name, is_better_told > 0

    def _told(self, names: tuple[str, ...], words: tuple[str, ...]) -> tuple[int, float, bool]:
        """Which of a supplier's names the words tell best, how far, and whether they tell another supplier better."""
        found = [(place, self._names.similarity(name, words)) for place, name in enumerate(names)]
        told = (
            (place, name, name >= FAINTLY_TOLD and self._names.is_better_told(names[place], words))
            for place, name in found
        )
        return max(told, key=lambda one: (not one[2], one[1]))


def _days(first: Ints, then: Ints) -> Ints:
    return np.where((first == UNKNOWN) | (then == UNKNOWN), NEVER, then - first)


def _card_sign(mine: str, theirs: str) -> int:
    return SIGN[agreement(mine, theirs)]


def _account_sign(keys: frozenset[str], account_id: str) -> int:
    return SIGN[membership(keys, account_id)]


def _is_shared(number: str, references: frozenset[str]) -> bool:
    return bool(shared_reference(number, references))


def _is_another(number: str, told: tuple[frozenset[str], frozenset[str]]) -> bool:
    return tells_another(number, *told)


def alias_of(memory: Memory, read: Read) -> str:
    """The key of the supplier that people confirmed for these words or this creditor; "" where there is none."""
    line, label = read
    return memory.supplier_of(line.creditor_identifier or label.creditor, label.core)


def is_round(invoice: InvoiceFact) -> bool:
    return invoice.cents % 50 == 0


def is_nameless(label: Label) -> bool:
    """A cheque, a draft, a carrier: the label names nobody, so it contradicts nobody."""
    return not any(len(word) > 2 for word in label.words)


def agreement(mine: str, theirs: str) -> Agreement:
    """Of a card's last four digits and what a label tells of them: some banks tell three."""
    if not mine or not theirs:
        return "unknown"
    return "agrees" if mine.endswith(theirs) else "contradicts"


def membership(account_keys: frozenset[str], account_id: str) -> Agreement:
    if not account_keys:
        return "unknown"
    return "agrees" if account_id in account_keys else "contradicts"


def names_of(invoice: InvoiceFact) -> tuple[str, ...]:
    """The supplier's own name, and those under which it is known besides."""
    return invoice.supplier, *invoice.other_names
