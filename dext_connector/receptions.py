"""« Réceptions Dext »: what came for a company, newest first, as accountants look for it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from dext_connector.models import Fate, InboxItem
from dext_connector.serializers.items import Glance, glance_at
from firms.models import Company
from firms.paging import KeyOrder
from firms.typography import read_amount

NEWEST = KeyOrder(F("id"), UUID, is_descending=True)
TABS = {
    "": "Toutes",
    Fate.CREATED: "Créées",
    Fate.REPUBLISHED: "Republiées",
    Fate.REPLAYED: "Rejouées",
    Fate.REFUSED: "Refusées",
    Fate.FAILED: "Échecs",
}
BADGES = {
    Fate.CREATED: "done",
    Fate.REPUBLISHED: "done",
    Fate.REPLAYED: "mute",
    Fate.REFUSED: "error",
    Fate.FAILED: "error",
}


@dataclass(frozen=True)
class Reception:
    """One row of the page: the reception, what its payload says at a glance, and the sentence shown in Dext."""

    row: InboxItem
    glance: Glance
    badge: str
    message: str


def receptions_of(company: Company, *, fate: str, search: str) -> QuerySet[InboxItem]:
    """The receptions of one fate (all where empty) whose Dext reference, supplier or amount is looked for."""
    rows = InboxItem.objects.for_company(company).select_related("invoice")
    if fate:
        rows = rows.filter(fate=fate)
    if search:
        rows = rows.filter(_matches(search))
    return rows


def counts_of(company: Company) -> dict[str, int]:
    """How many receptions each tab holds."""
    found = InboxItem.objects.for_company(company).order_by().values_list("fate").annotate(number=Count("id"))
    counts = dict(found)
    return {fate: counts.get(fate, 0) if fate else sum(counts.values()) for fate in TABS}


def shown(row: InboxItem) -> Reception:
    return Reception(row, glance_at(row.payload), BADGES[Fate(row.fate)], row.answer.get("message", ""))


def _matches(search: str) -> Q:
    found = Q(external_id__icontains=search) | Q(payload__supplier__name__icontains=search)
    amount = read_amount(search)
    return found if amount is None else found | Q(payload__total=f"{amount:.2f}")
