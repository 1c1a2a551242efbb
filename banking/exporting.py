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

    An invoice entered by hand, and a line whose statement gives no id, go by our own ids.
    """
    rows = Match.objects.filter(company=company, state__in=SHOWN).select_related("invoice", "transaction")
    for match in sorted(rows, key=lambda m: (m.state == MatchState.SUGGESTED, -(m.score or 0.0), m.pk)):
        yield {
            "invoices": [match.invoice.external_id or str(match.invoice_id)],
            "transactions": [match.transaction.bank_reference or str(match.transaction_id)],
            "state": match.state,
            "reasons": reasons_in_french(match),
        }
