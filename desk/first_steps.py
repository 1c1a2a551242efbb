"""Put the three first steps of a company out of sight, or back."""

from datetime import datetime

from desk.models import FirstStepsHiding
from firms.models import Company, User


def hide_first_steps(*, company: Company, by: User, at: datetime) -> None:
    """For everybody; twice is once, and the first one's."""
    FirstStepsHiding.objects.get_or_create(company=company, defaults={"hidden_at": at, "hidden_by": by})


def show_first_steps(*, company: Company) -> None:
    FirstStepsHiding.objects.filter(company=company).delete()
