"""A person decides of archived rules: to take an account in the place of Dext's, or to ignore; one or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from achats.models import Supplier
from achats.suppliers.batches import find_or_create_suppliers
from achats.suppliers.ruling import RuleValues, rules_of, set_rules, values_of
from dext_connector.models import ArchivedRule, RuleDeed, RuleState
from dext_connector.rules.values import as_json, known_to, taken_values
from firms.models import Company, User
from firms.typography import format_count
from ledger.models import Account


class RuleChanged(Exception):
    """The rule is not as it was seen. `str()` is one French sentence."""


class RuleNotTaken(Exception):
    """The account or the supplier does not allow it. `str()` is one French sentence."""


@dataclass(frozen=True)
class TakenTogether:
    """What « Prendre les propositions » did: its deed (None where nothing could be taken), how many it left aside."""

    deed: RuleDeed | None
    taken: int
    left: int


@transaction.atomic
def take_rule(
    *, company: Company, rule_id: UUID, account: Account | None, seen: str, by: User, at: datetime
) -> ArchivedRule:
    """Make `account` (the proposed one where None) the live rule's, with what else the archived rule says.

    `seen` is the state that the person saw. Raises RuleChanged, RuleNotTaken.
    """
    rule = _lock(company, rule_id, seen)
    chosen = account or rule.proposed_account
    if chosen is None or not (chosen.is_active and chosen.is_purchase_allowed):
        raise RuleNotTaken("Ce compte est archivé, ou n’est pas ouvert aux achats\u00a0: choisissez-en un autre.")
    if rule.state == RuleState.TAKEN and rule.account == chosen:
        return rule
    decide(
        company=company,
        choices={rule: chosen},
        by=by,
        at=at,
        words=f"Règle prise\u00a0: {rule.supplier_name} → {chosen}"[:300],
    )
    return rule


@transaction.atomic
def ignore_rule(*, company: Company, rule_id: UUID, by: User, at: datetime) -> ArchivedRule:
    """Leave a rule that is still to decide without a live one. Raises RuleChanged."""
    rule = _lock(company, rule_id, RuleState.UNDECIDED)
    words = f"Règle ignorée\u00a0: {rule.supplier_name}"
    decide(company=company, choices={rule: None}, by=by, at=at, words=words)
    return rule


@transaction.atomic
def take_proposed(*, company: Company, by: User, at: datetime) -> TakenTogether:
    """Take every proposal that is still to decide, in one deed.

    Left aside: a supplier to whom two answer, and one whose live rule names another account.
    """
    locked = ArchivedRule.objects.current(company).proposed().select_for_update(of=("self",)).order_by("pk")
    rules = list(locked.select_related("proposed_account", "account"))
    suppliers = find_or_create_suppliers(company=company, names={rule.supplier_name for rule in rules})
    live = _live_of(suppliers)
    choices = {rule: rule.proposed_account for rule in rules if _is_free(rule, suppliers, live)}
    left = len(rules) - len(choices)
    if not choices:
        return TakenTogether(None, 0, left)
    number = len(choices)
    words = f"{format_count(number)}\u00a0{'règles prises' if number > 1 else 'règle prise'}"
    return TakenTogether(decide(company=company, choices=choices, by=by, at=at, words=words), number, left)


@transaction.atomic
def decide(
    *, company: Company, choices: Mapping[ArchivedRule, Account | None], by: User, at: datetime, words: str
) -> RuleDeed:
    """Take an account for each rule (None: ignore it), all or nothing; the rows are locked and current.

    Raises RuleNotTaken where two suppliers answer to a rule.
    """
    taken = {rule: account for rule, account in choices.items() if account is not None}
    suppliers = find_or_create_suppliers(company=company, names={rule.supplier_name for rule in taken})
    before = _live_of(suppliers)
    after = _values_after(company, taken, suppliers, before, at)
    set_rules(company=company, values=after, by=by, at=at)
    changes = {
        "rules": [_as_it_was(rule) for rule in choices],
        "live": [
            {"supplier": str(pk), "before": as_json(before.get(pk)), "after": as_json(said)}
            for pk, said in after.items()
        ],
    }
    _store(choices, by, at)
    return RuleDeed.objects.create(company=company, words=words[:300], changes=changes, at=at, by=by)


def _lock(company: Company, rule_id: UUID, seen: str) -> ArchivedRule:
    rows = ArchivedRule.objects.current(company).select_for_update(of=("self",))
    rule = rows.select_related("proposed_account", "account").filter(pk=rule_id).first()
    if rule is None or rule.state != seen:
        raise RuleChanged("Cette règle a changé entre-temps. Voici son état actuel\u00a0: rien n’a été changé.")
    return rule


def _live_of(suppliers: Mapping[str, Supplier | None]) -> dict[UUID, RuleValues]:
    rows = {supplier.pk: supplier for supplier in suppliers.values() if supplier}
    return {pk: values_of(rule) for pk, rule in rules_of(rows).items()}


def _is_free(rule: ArchivedRule, suppliers: Mapping, live: Mapping[UUID, RuleValues]) -> bool:
    supplier = suppliers[rule.folded_supplier]
    said = live.get(supplier.pk) if supplier else None
    return supplier is not None and (said is None or said.account in {None, rule.proposed_account})


def _values_after(
    company: Company,
    taken: Mapping[ArchivedRule, Account],
    suppliers: Mapping[str, Supplier | None],
    before: Mapping[UUID, RuleValues],
    at: datetime,
) -> dict[UUID, RuleValues]:
    known = known_to(company, on=timezone.localdate(at))
    after: dict[UUID, RuleValues] = {}
    for rule, account in taken.items():
        supplier = suppliers[rule.folded_supplier]
        if supplier is None:
            words = f"Deux fournisseurs de MEG répondent à «\u00a0{rule.supplier_name}\u00a0»\u00a0: renommez-en un."
            raise RuleNotTaken(words)
        live = after.get(supplier.pk) or before.get(supplier.pk)
        after[supplier.pk] = taken_values(rule, account, live, known)
    return after


def _as_it_was(rule: ArchivedRule) -> dict:
    return {
        "id": str(rule.pk),
        "state": rule.state,
        "account": str(rule.account_id) if rule.account_id else None,
        "decided_at": rule.decided_at.isoformat() if rule.decided_at else None,
        "decided_by": str(rule.decided_by_id) if rule.decided_by_id else None,
    }


def _store(choices: Mapping[ArchivedRule, Account | None], by: User, at: datetime) -> None:
    for rule, account in choices.items():
        rule.state = RuleState.TAKEN if account else RuleState.IGNORED
        rule.account, rule.decided_at, rule.decided_by = account, at, by
    write_decisions(list(choices))


def write_decisions(rules: Sequence[ArchivedRule]) -> None:
    ArchivedRule.objects.bulk_update(rules, ["state", "account", "decided_at", "decided_by"], batch_size=500)
