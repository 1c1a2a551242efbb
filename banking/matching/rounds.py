"""The engine asked until it has said all: what it settles may leave others without a rival, or a sum without a second.

A document of a supplier that is paid is no candidate of his next payment, a taken line no rival, a name that nobody
else bears any more tells more. Asked once, the machine would find that at its next run, on what nobody touched.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from banking.matching.engine import match
from banking.matching.facts import Decision, InvoiceFact, Memory, Policy, TransactionFact, supplier_key

Lags = Mapping[tuple[str, int], frozenset[int]]
PARTIAL = frozenset({"partial"})


def match_through(
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    memory: Memory | None = None,
    policy: Policy | None = None,
    seen: Mapping[str, int] | None = None,
) -> list[Decision]:
    """The automatic decisions of round after round, then the suggestions of the last; nothing more comes of the rest.

    Each round is `match` on what the one before left, told what a run of its own would be told: the days of other
    months that were matched. Parts of one line, or of one invoice, may stand in decisions of several rounds.
    """
    memory, made = memory or Memory(), list[Decision]()
    own_lags: defaultdict[tuple[str, int], frozenset[int]] = defaultdict(frozenset)
    while True:
        told = replace(memory, lags=_joined(memory.lags, own_lags, invoices))
        decisions = match(invoices, transactions, told, policy, seen)
        settled = [decision for decision in decisions if decision.state == "auto"]
        made += settled
        if not settled:
            return [*made, *decisions]
        for key, days in _lags(settled, invoices, transactions):
            own_lags[key] |= {days}
        invoices, transactions = left_of(settled, invoices, transactions)


def left_of(
    settled: Iterable[Decision], invoices: Iterable[InvoiceFact], transactions: Iterable[TransactionFact]
) -> tuple[list[InvoiceFact], list[TransactionFact]]:
    """What is still open once `settled` is done, as it would be read then."""
    paid, taken = Counter[str](), Counter[str]()
    for part in (part for decision in settled for part in decision.parts):
        paid[part.invoice_id] += part.invoice_cents
        taken[part.transaction_id] += part.cents
    rest = [_less(invoice, paid[invoice.id]) if invoice.id in paid else invoice for invoice in invoices]
    lines = [replace(line, cents=_nearer(line.cents, taken[line.id])) for line in transactions]
    return [invoice for invoice in rest if invoice.cents], [line for line in lines if line.cents]


def _less(invoice: InvoiceFact, paid: int) -> InvoiceFact:
    return replace(invoice, cents=_nearer(invoice.cents, paid), vetoes=invoice.vetoes | PARTIAL)


def _nearer(cents: int, by: int) -> int:
    """`cents`, `by` nearer to zero."""
    return cents - by if cents > 0 else cents + by


def _lags(
    settled: Iterable[Decision], invoices: Iterable[InvoiceFact], transactions: Iterable[TransactionFact]
) -> Iterable[tuple[tuple[str, int], int]]:
    documents = {invoice.id: invoice for invoice in invoices if invoice.makes_series}
    booked = {line.id: line.booked_on for line in transactions}
    for decision in settled:
        (part, *more) = decision.parts
        if not more and (invoice := documents.get(part.invoice_id)):
            days = (booked[part.transaction_id] - invoice.issued_on).days
            yield (supplier_key(invoice), invoice.cents), days


def _joined(known: Lags, own: Lags, invoices: Iterable[InvoiceFact]) -> Lags:
    """Both, the second for suppliers that ask for as much again."""
    again = {(supplier_key(invoice), invoice.cents) for invoice in invoices if invoice.makes_series}
    return {**known, **{key: known.get(key, frozenset()) | days for key, days in own.items() if key in again}}
