"""Whether the demonstration firm stands whole; `seed_demo` says so in its last line."""

from firms.events import record_event
from firms.models import Company, Event

SEEDED = "demonstration.seeded"
CODE = "DEMO"


def is_seeded() -> bool:
    return Event.objects.filter(kind=SEEDED, company__code=CODE, company__firm__code=CODE).exists()


def mark_seeded(*, company: Company) -> None:
    """Remember that `company`, DEMO's, is complete: an interrupted seeding starts again, a finished one does not."""
    record_event(company=company, kind=SEEDED, subject_id=company.id)
