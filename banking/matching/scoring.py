"""The weight of the evidence: additive log-odds, in hundredths, that work untrained.

The parts are kept apart because they are the explanation, and are fitted on what accountants confirmed (`weights`).
"""

import numpy as np

from banking.matching.columns import Floats, Ints
from banking.matching.evidence import Nearness
from banking.matching.features import FAINTLY_TOLD, NEVER, TOLD, Features
from banking.matching.labels import Label

EXACT_AMOUNT = 200
ROUND_AMOUNT = 100
MARGIN = 300
# Days from a document to its own line: a card posts within some days, a debit or a transfer within the month.
POSTED, OWED = (-1, 5), (-3, 24)
# What is paid at once, as far as the label tells.
AT_ONCE = {"card", "other"}
AT_DUE, AROUND_DUE = 3, 10
# Days between a receipt's date and that of its purchase in the label.
BOUGHT_WITHIN = 1
FLOOR = 0

PARTS = ("amount", "name", "reference", "days", "card", "account", "method")

Steps = tuple[tuple[float, int], ...]
NAME: Steps = ((FAINTLY_TOLD, 50), (TOLD, 250), (0.65, 400), (0.85, 500))
CARD_DAYS: Steps = ((0, 300), (1, 200), (3, 0), (7, -100), (12, -300))
DUE_DAYS: Steps = ((3, 250), (10, 100), (31, -50))


def score_parts(pairs: Features) -> dict[str, Ints]:
    """What each feature adds to each pair, or takes away."""
    return {
        "amount": np.where(pairs.is_round, ROUND_AMOUNT, EXACT_AMOUNT),
        "name": _name(pairs),
        "reference": np.select([pairs.has_reference, pairs.is_another_named], [700, -400], 0),
        "days": _days(pairs),
        "card": np.select([pairs.card > 0, pairs.card < 0], [200, -400], 0),
        "account": np.select([pairs.account > 0, pairs.account < 0], [100, -300], 0),
        "method": np.where(pairs.is_off_bank, -300, 0),
    }


def is_close(near: Nearness, label: Label) -> bool:
    """Whether the line is this document's own rather than that of another purchase of the same supplier and amount.

    By number, by the very day of purchase, around the due date; a debit or a transfer within the days that these take.
    """
    if near.reference:
        return True
    if near.days_of_purchase is not None:
        return near.days_of_purchase == 0
    if near.days_to_due is not None and abs(near.days_to_due) <= AT_DUE:
        return True
    return label.kind != "card" and _is_within(OWED, near)


def is_close_in_order(near: Nearness, label: Label) -> bool:
    """As `is_close`; where documents are as many as lines, a card that tells no day is believed for some days too."""
    return is_close(near, label) or (
        label.kind == "card" and near.days_of_purchase is None and _is_within(POSTED, near)
    )


def _is_within(days: tuple[int, int], near: Nearness) -> bool:
    return days[0] <= near.days <= days[1] and not is_far_from_due(near)


def is_far_from_due(near: Nearness) -> bool:
    return not near.reference and near.days_to_due is not None and abs(near.days_to_due) > AROUND_DUE


def is_apart(near: Nearness, label: Label) -> bool:
    """Whether the line tells another day than the document's, so that it may be another purchase's even where it is
    alone: bought two days off, or by card (or no one knows how) and posted after a week."""
    if near.reference:
        return False
    if near.days_of_purchase is not None:
        return abs(near.days_of_purchase) > BOUGHT_WITHIN
    is_around_due = near.days_to_due is not None and not is_far_from_due(near)
    return label.kind in AT_ONCE and not is_around_due and near.days > POSTED[1]


def _name(pairs: Features) -> Ints:
    return np.select(
        [pairs.is_alias, pairs.is_nameless, pairs.is_better_told, pairs.name >= FAINTLY_TOLD],
        [600, -50, -200, _from(NAME, pairs.name)],
        np.where(pairs.has_reference, -100, -400),
    )


def _days(pairs: Features) -> Ints:
    return np.select(
        [pairs.days_of_purchase != NEVER, pairs.is_card],
        [_up_to(CARD_DAYS, np.abs(pairs.days_of_purchase), -600), _card_without_date(pairs.days)],
        _credit_days(pairs),
    )


def _card_without_date(days: Ints) -> Ints:
    """A card posts within the week; a deferred one up to 35 days late."""
    within = [(days >= -1) & (days <= 7), (days >= -3) & (days <= 12), (days >= -12) & (days <= 40)]
    return np.select(within, [200, -100, -200], -600)


def _credit_days(pairs: Features) -> Ints:
    """Debits, transfers, cheques: around the due date where there is one, else within two months."""
    days = pairs.days
    near = _up_to(DUE_DAYS, np.abs(pairs.days_to_due), -200)
    return np.select([days < -3, near > 0, days < 0, days <= 45, days <= 75], [-300, near, -100, 100, -50], -300)


def _up_to(steps: Steps, values: Ints, beyond: int) -> Ints:
    """The points of the first step that is as high as the value, `beyond` where none is."""
    return np.array([*(points for _, points in steps), beyond])[np.searchsorted([most for most, _ in steps], values)]


def _from(steps: Steps, values: Floats) -> Ints:
    """The points of the last step that the value reaches; 0 where it reaches none."""
    return np.array([0, *(points for _, points in steps)])[
        np.searchsorted([least for least, _ in steps], values, "right")
    ]
