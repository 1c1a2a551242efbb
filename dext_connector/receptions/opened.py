"""An opened reception: what came and what was answered, what became of it, and whether it may be replayed or moved."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dext_connector.models import Fate, InboxItem
from dext_connector.receptions.mending import Mend, mend_of
from dext_connector.receptions.moving import is_movable
from dext_connector.receptions.redacting import hide_in_text, shown_json
from firms.models import Company, User


@dataclass(frozen=True)
class Opened:
    """The parts of the page below the row. `followed` are the receptions that replaced or moved it, or that it did."""

    row: InboxItem
    request: str
    answer: str
    mend: Mend | None
    followed: tuple["Link", ...]
    may_be_moved: bool


@dataclass(frozen=True)
class Link:
    """Another reception of the same purchase. `row` is None where the user may not know of its company."""

    words: str
    row: InboxItem | None


def find_reception(company: Company, key: str) -> InboxItem | None:
    """The reception that an URL names, with what a row shows; None where it is none of the company's."""
    try:
        reception_id = UUID(key)
    except ValueError:
        return None
    rows = InboxItem.objects.for_company(company).with_what_followed()
    return rows.select_related("company", "invoice", "by").filter(pk=reception_id).first()


def opened(row: InboxItem, *, user: User, at: datetime) -> Opened:
    request = hide_in_text(row.raw_body) if row.payload is None else shown_json(row.payload)
    return Opened(
        row=row,
        request=request,
        answer=shown_json(row.answer),
        mend=mend_of(row, at=at),
        followed=tuple(_links(row, user)),
        may_be_moved=row.fate == Fate.CREATED and row.payload is not None and is_movable(row.invoice),
    )


def _links(row: InboxItem, user: User) -> list[Link]:
    around = Q(replayed_from=row) | Q(replays=row) | Q(moved_from=row) | Q(moved_to=row)
    rows = InboxItem.objects.filter(around).select_related("company", "by").order_by("id").distinct()
    found = list(rows)
    seen = {row.company_id}
    if any(other.company_id not in seen for other in found):
        seen |= set(Company.objects.visible_to(user).filter(inbox__in=found).values_list("pk", flat=True))
    return [Link(_words(row, other), other if other.company_id in seen else None) for other in found]


def _words(row: InboxItem, other: InboxItem) -> str:
    if other.replayed_from_id == row.pk:
        return "Rejouée"
    if row.replayed_from_id == other.pk:
        return "Rejoue le refus"
    return "Déplacée vers" if other.moved_from_id == row.pk else "Déplacée de"
