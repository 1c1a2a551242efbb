"""The other lines whose pairs change with a decision, so that a page may show them anew."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from banking.matches.settlements import SHOWN
from banking.models import Match
from firms.models import Company

MOST = 25


def neighbours_of(match: Match) -> set[UUID]:
    """The lines that share a purchase, or the match itself, with this one."""
    rows = Match.objects.filter(company=match.company_id, group=match.group) if match.group else None
    ends = list(rows.values_list("invoice_id", "transaction_id")) if rows is not None else []
    invoices = {match.invoice_id, *(invoice_id for invoice_id, _ in ends)}
    lines = {line_id for _, line_id in ends}
    return (lines | sharing(match.company, invoices)) - {match.transaction_id}


def sharing(company: Company, invoice_ids: Collection[UUID], line_ids: Collection[UUID] = ()) -> set[UUID]:
    """The lines to which one of these purchases is proposed or matched, and those that go together with these lines."""
    shown = Match.objects.filter(company=company, state__in=SHOWN)
    groups = set(shown.filter(Q(invoice__in=invoice_ids) | Q(transaction__in=line_ids)).values_list("group", flat=True))
    together = Q(invoice__in=invoice_ids) | Q(group__in=groups - {None})
    return set(shown.filter(together).values_list("transaction_id", flat=True)[:MOST])
