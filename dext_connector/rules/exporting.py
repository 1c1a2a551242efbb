"""The archive of rules with its proposals as a sheet, and the mended sheet back: all of it, or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from achats.suppliers.batches import suppliers_named
from dext_connector.models import ArchivedRule, RuleDeed, RuleState
from dext_connector.rules.deciding import decide
from dext_connector.rules.proposing import SHORTEST, root_of
from dext_connector.rules.sheets import SheetLine, write_sheet
from firms.models import Company, User
from firms.typography import format_count
from ledger.models import Account

IGNORE = "ignorer"


@dataclass(frozen=True)
class LineFault:
    """What is wrong with line `number` of the file."""

    number: int
    message: str


class SheetRefused(Exception):
    """Nothing of the sheet was applied: `faults`, by line."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__("Rien n’a été appliqué.")
        self.faults = sorted(faults, key=lambda fault: fault.number)


def export_rules(company: Company) -> bytes:
    """The rules that nothing later replaced, by supplier; the new account is the one taken, else the one proposed."""
    rows = ArchivedRule.objects.current(company).select_related("proposed_account", "account")
    return write_sheet(_cells(rule) for rule in rows.order_by("folded_supplier", "id"))


def _cells(rule: ArchivedRule) -> tuple[str, ...]:
    proposed = rule.proposed_account
    offered = proposed if rule.state == RuleState.UNDECIDED else None
    new = rule.account or offered
    return (
        str(rule.pk),
        rule.supplier_name,
        rule.dext_account,
        new.code if new else "",
        str(proposed) if proposed else "",
        rule.reason,
        rule.get_state_display(),
        "" if rule.vat_rate is None else f"{rule.vat_rate:f}".replace(".", ","),
        rule.payment_label,
        "" if rule.due_days is None else str(rule.due_days),
        rule.description,
        "oui" if rule.is_paid else "",
    )


@transaction.atomic
def apply_sheet(*, company: Company, lines: Sequence[SheetLine], by: User, at: datetime) -> RuleDeed | None:
    """Take the new account of each line (« ignorer » leaves the rule aside, an empty cell says nothing), in one deed.

    None where nothing changes. Raises SheetRefused: every fault of every line, and nothing is applied.
    """
    locked = ArchivedRule.objects.current(company).select_for_update(of=("self",)).order_by("pk")
    rules = {str(rule.pk): rule for rule in locked.select_related("account")}
    accounts = {row.code: row for row in Account.objects.filter(company=company).for_purchases()}
    choices: dict[ArchivedRule, Account | None] = {}
    faults = list(_read(lines, rules, accounts, choices))
    faults += _ambiguous(company, lines, rules, choices)
    if faults:
        raise SheetRefused(faults)
    changed = {rule: account for rule, account in choices.items() if not _stands(rule, account)}
    if not changed:
        return None
    number = len(changed)
    words = f"Feuille importée\u00a0: {format_count(number)}\u00a0{'règles' if number > 1 else 'règle'}"
    return decide(company=company, choices=changed, by=by, at=at, words=words)


def _read(lines, rules, accounts, choices) -> Iterator[LineFault]:
    """Fill `choices`; what cannot be is a fault."""
    for line in lines:
        rule = rules.get(_canonical(line.key))
        if rule is None:
            known = f"«\u00a0{line.key[:60]}\u00a0»"
            yield LineFault(line.number, f"aucune règle à examiner ne porte l’identifiant {known}.")
        elif rule in choices:
            yield LineFault(line.number, f"la règle de «\u00a0{rule.supplier_name}\u00a0» est déjà plus haut.")
        elif line.new.casefold() == IGNORE and rule.state != RuleState.TAKEN:
            choices[rule] = None
        elif account := _account(line.new, accounts):
            choices[rule] = account
        elif line.new:
            yield LineFault(line.number, _no_account(line, rule))


def _no_account(line: SheetLine, rule: ArchivedRule) -> str:
    if line.new.casefold() == IGNORE:
        return f"la règle de «\u00a0{rule.supplier_name}\u00a0» est prise, elle ne s’ignore plus."
    return f"«\u00a0{line.new[:60]}\u00a0» n’est pas un compte ouvert aux achats de ce dossier."


def _canonical(key: str) -> str:
    try:
        return str(UUID(key))
    except ValueError:
        return ""


def _account(text: str, accounts: dict[str, Account]) -> Account | None:
    """« 62570000 », « 62570000 Réceptions », « 6257 »."""
    number = next(iter(text.split()), "").upper()
    if number in accounts or len(number) < SHORTEST:
        return accounts.get(number)
    return next((row for code, row in accounts.items() if root_of(code) == root_of(number)), None)


def _ambiguous(company: Company, lines, rules, choices) -> Iterator[LineFault]:
    taken = {rule.folded_supplier for rule, account in choices.items() if account}
    named = suppliers_named(company=company, names=taken)
    for line in lines:
        rule = rules.get(_canonical(line.key))
        if rule in choices and choices[rule] and len(named[rule.folded_supplier]) > 1:
            words = f"deux fournisseurs de MEG répondent à «\u00a0{rule.supplier_name}\u00a0»\u00a0: renommez-en un."
            yield LineFault(line.number, words)


def _stands(rule: ArchivedRule, account: Account | None) -> bool:
    return rule.state == (RuleState.TAKEN if account else RuleState.IGNORED) and rule.account == account
