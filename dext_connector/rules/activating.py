"""« Activer l'intégration »: the rules that Dext had become an archive, each with the account of MEG that is proposed.

From then on the live rules are MEG's own. Activating anew touches neither them nor what was decided before.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from achats.models import folded_supplier_name
from achats.turns import wait_our_turn
from dext_connector.connections.opening import connection_for
from dext_connector.models import ArchivedRule, DextConnection, RuleArchive, RuleState
from dext_connector.payloads import SentRule
from dext_connector.rules.charts import chart_for
from dext_connector.rules.proposing import Proposal, disagreeing, propose
from firms.events import record_event
from firms.models import Company, User
from ledger.models import Account

TWO_RULES = "Deux règles de Dext portent ce fournisseur avec des comptes différents\u00a0: choisissez."


@transaction.atomic
def activate(
    *, company: Company, rules: Sequence[SentRule], by: User, at: datetime, is_dry_run: bool = False
) -> tuple[RuleArchive | None, list[ArchivedRule]]:
    """Archive `rules` unless they are those archived last, or none; → the archive and its rules, accounts with them.

    A rule that came before and was decided keeps its decision. Writes `integration.activated` the first time and
    `rules.archived` for each new archive. A dry run answers the same and stores nothing. Raises ConnectionEnded.
    """
    wait_our_turn("dext_connector.activation", company.pk, "rules")
    connection = connection_for(company=company, user=by, at=at)
    latest = RuleArchive.objects.filter(company=company).order_by("-generation").first()
    digest = _digest(rules)
    if rules and (latest is None or latest.digest != digest):
        latest = _archive(company, rules, digest, by, at)
    _mark_activated(connection, by, at)
    found = list(_rules_of(latest)) if latest else []
    if is_dry_run:
        transaction.set_rollback(True)
    return latest, found


def _digest(rules: Sequence[SentRule]) -> str:
    """Of the rules as they came, in whatever order."""
    each = sorted(json.dumps(rule.payload, sort_keys=True, ensure_ascii=False) for rule in rules)
    return hashlib.sha256("\n".join(each).encode()).hexdigest()


def _archive(company: Company, rules: Sequence[SentRule], digest: str, by: User, at: datetime) -> RuleArchive:
    last = RuleArchive.objects.filter(company=company).aggregate(last=Max("generation"))["last"] or 0
    archive = RuleArchive.objects.create(
        company=company, generation=last + 1, digest=digest, received_at=at, received_by=by
    )
    rows = _proposed(company, [_row(archive, rule, place) for place, rule in enumerate(rules, start=1)])
    earlier = ArchivedRule.objects.current(company).filter(folded_supplier__in={row.folded_supplier for row in rows})
    _keep_decisions(rows, earlier.exclude(state=RuleState.UNDECIDED))
    earlier.update(is_current=False)
    ArchivedRule.objects.bulk_create(rows, batch_size=1_000)
    changes = {"rules": [None, len(rows)]}
    record_event(company=company, kind="rules.archived", subject_id=archive.pk, by=by, at=at, changes=changes)
    return archive


def _row(archive: RuleArchive, rule: SentRule, position: int) -> ArchivedRule:
    return ArchivedRule(
        company=archive.company,
        archive=archive,
        position=position,
        payload=rule.payload,
        supplier_name=rule.supplier,
        folded_supplier=folded_supplier_name(rule.supplier),
        dext_account=rule.account,
        vat_rate=rule.vat_rate,
        payment_label=rule.payment_label,
        due_days=rule.due_days,
        description=rule.description,
        is_paid=rule.is_paid,
    )


def _proposed(company: Company, rows: list[ArchivedRule]) -> list[ArchivedRule]:
    """Put on each row the account that is proposed, its basis and its reason."""
    chart = chart_for(company, names={row.supplier_name for row in rows})
    found = [
        propose(row.dext_account, supplier=row.supplier_name, folded_supplier=row.folded_supplier, chart=chart)
        for row in rows
    ]
    unsure = disagreeing((row.folded_supplier, proposal) for row, proposal in zip(rows, found, strict=True))
    accounts = {row.code: row for row in Account.objects.filter(company=company, code__in=chart.accounts)}
    for row, proposal in zip(rows, found, strict=True):
        if row.folded_supplier in unsure:
            proposal = Proposal("", "", TWO_RULES)
        row.proposed_account, row.basis, row.reason = (
            accounts.get(proposal.code),
            proposal.basis,
            proposal.reason[:500],
        )
    return rows


def _keep_decisions(rows: list[ArchivedRule], decided) -> None:
    """The same rule of a later archive is decided already."""
    before = {(row.folded_supplier, row.dext_account): row for row in decided.select_related("account")}
    for row in rows:
        if earlier := before.get((row.folded_supplier, row.dext_account)):
            row.state, row.account = earlier.state, earlier.account
            row.decided_at, row.decided_by_id = earlier.decided_at, earlier.decided_by_id


def _mark_activated(connection: DextConnection, by: User, at: datetime) -> None:
    if connection.activated_at is None:
        connection.activated_at, connection.activated_by = at, by
        connection.save(update_fields=["activated_at", "activated_by"])
        record_event(company=connection.company, kind="integration.activated", subject_id=connection.pk, by=by, at=at)


def _rules_of(archive: RuleArchive):
    return archive.rules.select_related("proposed_account", "account").order_by("position")
