"""That a reference list changed, whoever changed it and where: seen by its version, told once by an event."""

from collections.abc import Collection
from datetime import datetime
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dext_connector.models import DextConnection, ReferenceVersions
from dext_connector.reference import versions_by_company
from firms.events import record_event
from firms.models import Company

BATCH = 200


def notice_reference_changes(*, at: datetime) -> None:
    """Write `reference.changed` for each connected company whose lists differ from what was last seen."""
    is_open = Q(disconnected_at=None, expires_at__gt=at)
    connected = DextConnection.objects.filter(is_open).order_by("company").values_list("company", flat=True)
    for ids in batched(connected, BATCH, strict=False):
        notice_changes_of(ids, at=at)


def notice_changes_of(ids: Collection[UUID], *, at: datetime) -> None:
    """As above for these companies; a company that was never looked at starts from what it has now."""
    seen = {row.company_id: row.versions for row in ReferenceVersions.objects.filter(company__in=ids)}
    for company_id, versions in versions_by_company(ids).items():
        if versions != seen.get(company_id):
            _tell(company_id, versions, at)


@transaction.atomic
def _tell(company_id: UUID, versions: dict[str, str], at: datetime) -> None:
    """`changes` of the event maps each list to its version before and after. Two at once tell one change once."""
    row, is_new = ReferenceVersions.objects.select_for_update().get_or_create(
        company_id=company_id, defaults={"versions": versions}
    )
    before = row.versions
    changes = {name: [before.get(name), now] for name, now in versions.items() if before.get(name) != now}
    if is_new or not changes:
        return
    row.versions = versions
    row.save(update_fields=["versions"])
    company = Company.objects.get(pk=company_id)
    record_event(company=company, kind="reference.changed", subject_id=company_id, at=at, changes=changes)
