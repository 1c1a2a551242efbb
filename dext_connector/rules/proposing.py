"""Which account of MEG's chart stands for the account that a rule had in Dext, and why. Pure.

By exact code, by number (Dext's are shorter or longer), by label, by use; nothing where nothing is sure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from firms.folding import fold
from firms.typography import NBSP

# Two labels that share this much, while no third comes near, are one.
ALIKE, APART = 90, 5
SHORTEST = 3
_NUMBERED = re.compile(r"\s*([0-9][0-9A-Za-z]{2,19})(?:[\s:–—-]+(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Use:
    """To which account this supplier's invoices went: `code`, `times` out of the last `out_of`."""

    code: str
    times: int
    out_of: int


@dataclass(frozen=True)
class Proposal:
    """`code` of an account with its `basis` (« code », « number », « label », « use »); both "" where none is sure."""

    code: str
    basis: str
    reason: str


@dataclass(frozen=True)
class Chart:
    """The accounts that purchases may bear (code → label), and the codes of the others."""

    accounts: Mapping[str, str]
    closed: frozenset[str] = frozenset()
    uses: Mapping[str, Use] = field(default_factory=dict)

    @cached_property
    def by_root(self) -> dict[str, str]:
        return {root_of(code): code for code in self.accounts}

    @cached_property
    def closed_roots(self) -> set[str]:
        return {root_of(code) for code in self.closed}

    @cached_property
    def folded(self) -> dict[str, str]:
        """Code → folded label."""
        return {code: fold(label) for code, label in self.accounts.items()}


def read_account(text: str) -> tuple[str, str]:
    """« 6257 - Réceptions » → ("6257", "Réceptions"); what does not begin with a number is a label."""
    found = _NUMBERED.fullmatch(text)
    return (found[1].upper(), (found[2] or "").strip()) if found else ("", text.strip())


def root_of(number: str) -> str:
    """What a number says without the zeros that fill it, its class and two digits kept: « 6257 », « 610 »."""
    return number[:SHORTEST] + number[SHORTEST:].rstrip("0")


def propose(account: str, *, supplier: str, folded_supplier: str, chart: Chart) -> Proposal:
    """What to take in the place of `account` (as Dext wrote it) for the purchases of `supplier`."""
    number, label = read_account(account)
    found = (
        _by_code(number, chart)
        or _by_number(number, chart)
        or _by_exact_label(label, chart)
        or _by_root(number, chart)
        or _by_near_label(label, chart)
        or _by_use(supplier, folded_supplier, chart)
    )
    if found:
        return found
    if number and root_of(number) in chart.closed_roots:
        return Proposal("", "", f"Le compte «{NBSP}{account}{NBSP}» est archivé dans MEG, ou fermé aux achats.")
    return Proposal("", "", f"Aucun compte de MEG ne répond à coup sûr à «{NBSP}{account}{NBSP}».")


def disagreeing(proposals: Iterable[tuple[str, Proposal]]) -> set[str]:
    """The folded suppliers for which two rules propose two accounts: a person chooses."""
    pairs = {(supplier, proposal.code) for supplier, proposal in proposals}
    return {supplier for supplier, times in Counter(supplier for supplier, _ in pairs).items() if times > 1}


def _by_code(number: str, chart: Chart) -> Proposal | None:
    if number not in chart.accounts:
        return None
    return Proposal(number, "code", "Le même compte existe dans le plan de MEG.")


def _by_number(number: str, chart: Chart) -> Proposal | None:
    code = chart.by_root.get(root_of(number)) if number else None
    if code is None:
        return None
    return Proposal(code, "number", f"Même numéro, écrit sur {len(number)} caractères dans Dext.")


def _by_root(number: str, chart: Chart) -> Proposal | None:
    """The account of which `number` is a subdivision, or the only one that subdivides it."""
    if not number or root_of(number) in chart.closed_roots:
        return None
    root = root_of(number)
    for length in range(len(root) - 1, SHORTEST - 1, -1):
        if code := chart.by_root.get(root[:length]):
            reason = f"«{NBSP}{number}{NBSP}» est une subdivision du compte {root[:length]}, qui existe dans MEG."
            return Proposal(code, "number", reason)
        if root[:length] in chart.closed_roots:
            return None
    below = [code for code in chart.accounts if code.startswith(root)]
    if len(below) != 1 or any(code.startswith(root) for code in chart.closed):
        return None
    return Proposal(below[0], "number", f"Seul compte de MEG qui commence par {root}.")


def _by_exact_label(label: str, chart: Chart) -> Proposal | None:
    sought = fold(label)
    same = [code for code, folded in chart.folded.items() if folded == sought] if sought else []
    if len(same) != 1:
        return None
    return Proposal(same[0], "label", f"Même libellé dans Dext et dans MEG\u00a0: «{NBSP}{label}{NBSP}».")


def _by_near_label(label: str, chart: Chart) -> Proposal | None:
    sought = fold(label)
    if not sought:
        return None
    near = process.extract(sought, chart.folded, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE - APART, limit=2)
    if not near or near[0][1] < ALIKE or (len(near) > 1 and near[0][1] - near[1][1] < APART):
        return None
    code = near[0][2]
    return Proposal(code, "label", f"Libellé presque pareil dans MEG\u00a0: «{NBSP}{chart.accounts[code]}{NBSP}».")


def _by_use(supplier: str, folded_supplier: str, chart: Chart) -> Proposal | None:
    use = chart.uses.get(folded_supplier)
    if use is None or use.code not in chart.accounts:
        return None
    return Proposal(use.code, "use", f"Pris {use.times}{NBSP}fois sur {use.out_of} dans MEG pour {supplier}.")
