"""The matches of a company as plain rows, so that anyone can measure the engine."""

from collections.abc import Iterator
from typing import Any

from banking.matching.facts import Reason
from banking.matching.reasons import sentence
from banking.models import Match, MatchState
from firms.models import Company

SHOWN = (MatchState.CONFIRMED, MatchState.AUTO, MatchState.SUGGESTED)


def reasons_in_french(match: Match) -> list[str]:
    """The stored reasons of `match`, worded: « Montant identique au centime », « n° FA006834 dans le libellé »…"""
    return [sentence(Reason(reason["code"], reason["values"])) for reason in match.reasons]


def exported_matches(company: Company) -> Iterator[dict[str, Any]]:
    """What was matched, then what is suggested, best first: external ids, the statement's ids, state, reasons.

    Pairs of one group stand in one row. An invoice entered by hand, and a line whose statement gives no id, go by our
    own ids.
    """
    rows = Match.objects.filter(company=company, state__in=SHOWN).select_related("invoice", "transaction")
    ordered = sorted(rows, key=lambda m: (m.state == MatchState.SUGGESTED, -(m.score or 0.0), m.pk))
    groups: dict[object, list[Match]] = {}
    for match in ordered:
        groups.setdefault((match.group or match.pk, match.state), []).append(match)
    for members in groups.values():
        yield {
            "invoices": list(dict.fromkeys(_invoice_id(match) for match in members)),
            "transactions": list(dict.fromkeys(_line_id(match) for match in members)),
            "state": members[0].state,
            "reasons": reasons_in_french(members[0]),
        }


def _invoice_id(match: Match) -> str:
    return match.invoice.external_id or str(match.invoice_id)


def _line_id(match: Match) -> str:
    return match.transaction.bank_reference or str(match.transaction_id)
