"""Take back what was decided of archived rules, one deed at a time: the live rules come back as they were."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime

from achats.models import Supplier
from achats.suppliers.ruling import RuleValues, rules_of, set_rules, values_of
from dext_connector.models import ArchivedRule, RuleDeed
from dext_connector.rules.deciding import RuleChanged, write_decisions
from dext_connector.rules.values import from_json
from firms.models import Company, User
from firms.typography import format_count


def last_deed(company: Company) -> RuleDeed | None:
    """What « Annuler » takes back."""
    return RuleDeed.objects.filter(company=company, undone_at=None).first()


def left_in_words(left: int) -> str:
    """« 2 règles ont changé depuis : elles restent comme à présent. »."""
    if left == 1:
        return "1\u00a0règle a changé depuis\u00a0: elle reste comme à présent."
    return f"{format_count(left)}\u00a0règles ont changé depuis\u00a0: elles restent comme à présent."


@transaction.atomic
def undo_deed(*, company: Company, deed_id: UUID, by: User, at: datetime) -> int:
    """Undo a deed; → how many live rules were left as they are, because somebody changed them since.

    An archived rule that was decided anew since is left too. Raises RuleChanged where it is undone already.
    """
    deed = RuleDeed.objects.select_for_update().filter(company=company, pk=deed_id, undone_at=None).first()
    if deed is None:
        raise RuleChanged("Ce geste est déjà annulé. Rien n’a été changé.")
    _restore_decisions(deed)
    left = _restore_live(company, deed, by, at)
    deed.undone_at, deed.undone_by = at, by
    deed.save(update_fields=["undone_at", "undone_by"])
    return left


def _restore_decisions(deed: RuleDeed) -> None:
    was = {entry["id"]: entry for entry in deed.changes["rules"]}
    rows = ArchivedRule.objects.select_for_update(of=("self",)).filter(company=deed.company_id, pk__in=was)
    rules = list(rows.filter(decided_at=deed.at, decided_by=deed.by_id).order_by("pk"))
    for rule in rules:
        entry = was[str(rule.pk)]
        rule.state, rule.account_id, rule.decided_by_id = entry["state"], entry["account"], entry["decided_by"]
        rule.decided_at = parse_datetime(entry["decided_at"]) if entry["decided_at"] else None
    write_decisions(rules)


def _restore_live(company: Company, deed: RuleDeed, by: User, at: datetime) -> int:
    entries = deed.changes["live"]
    suppliers = {
        row.pk: row for row in Supplier.objects.filter(company=company, pk__in=[e["supplier"] for e in entries])
    }
    now = {pk: values_of(rule) for pk, rule in rules_of(suppliers).items()}
    before = from_json(company, [entry["before"] for entry in entries])
    after = from_json(company, [entry["after"] for entry in entries])
    back: dict[UUID, RuleValues | None] = {}
    for entry, earlier, later in zip(entries, before, after, strict=True):
        pk = UUID(entry["supplier"])
        if pk in suppliers and now.get(pk) == later:
            back[pk] = earlier
    set_rules(company=company, values=back, by=by, at=at)
    return len(entries) - len(back)
