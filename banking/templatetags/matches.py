"""What the bank says of purchases, for pages of the floors below: `{% load matches %}`.

`{% match_states invoices as states %}` asks once a page; `{% match_badge states invoice %}` then asks nothing.
`{% settlement_panel invoice %}` is the part « Règlement » of a purchase's page.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django import template
from django.db.models import Count
from django.utils.html import format_html
from django.utils.safestring import SafeString

from achats.models import PurchaseInvoice, Settlement, Status
from banking.codings import codings_like
from banking.matches.settlements import SHOWN, settlement_of
from banking.matches.settling import obstacles_of
from banking.models import BankStatement, Match, MatchState
from firms.models import Company
from firms.roles import Right, grants
from firms.templatetags.french import badge
from firms.typography import NOTHING

register = template.Library()

States = dict[UUID, dict[str, int]]


@register.simple_tag
def match_states(invoices: Iterable[PurchaseInvoice]) -> States:
    """How many matches of each state each of these invoices has: one query."""
    found = Match.objects.filter(invoice__in=[invoice.pk for invoice in invoices], state__in=SHOWN)
    return _counted(found.order_by().values_list("invoice_id", "state").annotate(number=Count("pk")))


def _counted(rows: Iterable[tuple[UUID, str, int]]) -> States:
    states: States = defaultdict(dict)
    for pk, state, number in rows:
        states[pk][state] = number
    return dict(states)


@register.simple_tag
def match_badge(states: States, invoice: PurchaseInvoice) -> SafeString:
    """« ✓ Rapproché (auto) », « ✦ 2 suggestions », « ○ À rapprocher », « – Sans banque »."""
    name, words = state_in_words(invoice, states.get(invoice.pk, {}))
    return badge(name, words) if name else format_html("{}", words)


def state_in_words(invoice: PurchaseInvoice, found: dict[str, int]) -> tuple[str, str]:
    """The badge and its words; no badge for what is no longer awaited."""
    if invoice.status == Status.CANCELLED:
        return "", NOTHING
    if invoice.is_settled_off_bank:
        return "mute", "Sans banque"
    if invoice.settlement == Settlement.PARTIAL:
        return "partial", "Partiel"
    if invoice.settlement == Settlement.SETTLED:
        return _settled(found)
    if suggested := found.get(MatchState.SUGGESTED, 0):
        return "hint", suggestions_in_words(suggested)
    return "idle", "À rapprocher"


def _settled(found: dict[str, int]) -> tuple[str, str]:
    if found.get(MatchState.CONFIRMED):
        return "done", "Rapproché"
    return ("done", "Rapproché (auto)") if found.get(MatchState.AUTO) else ("mute", "Rien à payer")


def suggestions_in_words(number: int) -> str:
    return "1 suggestion" if number == 1 else f"{number} suggestions"


@register.inclusion_tag("banking/settlement_panel.html", takes_context=True)
def settlement_panel(context: template.Context, invoice: PurchaseInvoice) -> dict:
    """The match with its reasons, or the best three suggestions, with their deeds for who may decide: three queries."""
    company = context["company"]
    return panel_context(company, invoice, query=context["request"].GET.urlencode()) | {"request": context["request"]}


def panel_context(company: Company, invoice: PurchaseInvoice, *, query: str = "") -> dict:
    """What `banking/settlement_panel.html` shows; `query` keeps the list from which the reader came."""
    settlement, is_due = settlement_of(invoice), invoice.settlement == Settlement.UNSETTLED
    return {
        "company": company,
        "invoice": invoice,
        "settlement": settlement,
        "may_write": grants(company.role, Right.WRITE),
        "query": query,
        "unposted": [(pair.match, reason) for pair in settlement.made for reason in obstacles_of(pair.match)],
        "coded_alike": codings_like(invoice) if is_due and invoice.status != Status.CANCELLED else [],
        "covered_until": last_statement_on(company) if not (settlement.made or settlement.proposed) else None,
        "sentence": "",
    }


@register.simple_tag
def last_statement_on(company: Company) -> date | None:
    """The last day that the statements of `company` cover, or None."""
    closed = BankStatement.objects.filter(company=company).exclude(closing_on=None)
    return closed.order_by("-closing_on").values_list("closing_on", flat=True).first()
