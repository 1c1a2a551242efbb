"""The weight of the evidence: additive log-odds, in hundredths, that work untrained.

The parts are kept apart because they are the explanation, and are fitted on what accountants confirmed (`weights`).
"""

from banking.matching.features import FAINTLY_TOLD, TOLD, Evidence

EXACT_AMOUNT = 200
ROUND_AMOUNT = 100
MARGIN = 300
FLOOR = 0

Steps = tuple[tuple[float, int], ...]
NAME: Steps = ((0.85, 500), (0.65, 400), (TOLD, 250), (FAINTLY_TOLD, 50))
CARD_DAYS: Steps = ((0, 300), (1, 200), (3, 0), (7, -100), (12, -300))
DUE_DAYS: Steps = ((3, 250), (10, 100), (31, -50))


def score_parts(evidence: Evidence) -> dict[str, int]:
    """What each feature adds or takes away."""
    return {
        "amount": EXACT_AMOUNT if evidence.invoice.cents % 50 else ROUND_AMOUNT,
        "name": _name(evidence),
        "reference": 700 if evidence.reference else -400 if evidence.is_another_named else 0,
        "days": _days(evidence),
        "card": {"agrees": 200, "contradicts": -400, "unknown": 0}[evidence.card],
        "account": {"agrees": 100, "contradicts": -300, "unknown": 0}[evidence.account],
        "method": -300 if evidence.invoice.is_off_bank else 0,
    }


def is_proven(evidence: Evidence, score: int, least: int) -> bool:
    """Whether more than amount and date speaks for the pair, and enough in all: `least`."""
    return evidence.is_told and score >= least


def is_close(evidence: Evidence) -> bool:
    """Whether the line is this document's own rather than the next month's: by number, purchase date or due date."""
    if evidence.reference or (evidence.days_of_purchase is not None and abs(evidence.days_of_purchase) <= 1):
        return True
    if evidence.days_to_due is not None and abs(evidence.days_to_due) <= 3:
        return True
    return evidence.days_of_purchase is None and -3 <= evidence.days <= 24


def _name(evidence: Evidence) -> int:
    if evidence.is_alias:
        return 600
    if evidence.is_nameless:
        return -50
    if evidence.is_better_told:
        return -200
    return next((points for least, points in NAME if evidence.name >= least), -100 if evidence.reference else -400)


def _days(evidence: Evidence) -> int:
    if evidence.days_of_purchase is not None:
        return _at_most(CARD_DAYS, abs(evidence.days_of_purchase), -600)
    if evidence.label.kind == "card":
        return _card_without_date(evidence.days)
    return _credit_days(evidence)


def _card_without_date(days: int) -> int:
    """A card posts within the week; a deferred one up to 35 days late."""
    if -1 <= days <= 7:
        return 200
    return -100 if -3 <= days <= 12 else -200 if -12 <= days <= 40 else -600


def _credit_days(evidence: Evidence) -> int:
    """Debits, transfers, cheques: around the due date where there is one, else within two months."""
    days, to_due = evidence.days, evidence.days_to_due
    if days < -3:
        return -300
    if to_due is not None and (near := _at_most(DUE_DAYS, abs(to_due), -200)) > 0:
        return near
    if days < 0:
        return -100
    return 100 if days <= 45 else -50 if days <= 75 else -300


def _at_most(steps: Steps, value: int, beyond: int) -> int:
    return next((points for most, points in steps if value <= most), beyond)
