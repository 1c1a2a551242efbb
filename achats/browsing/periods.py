"""The periods by which one filters: named, so that a saved view of « ce mois » follows the calendar."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q, Subquery

from firms.models import Company
from ledger.models import FiscalYear


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _quarter(day: date) -> tuple[date, date]:
    first = day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
    return first, _month(first + timedelta(days=62))[1]


def _year(day: date) -> tuple[date, date]:
    return day.replace(day=1, month=1), day.replace(day=31, month=12)


def _before(period: Callable[[date], tuple[date, date]]) -> Callable[[date], tuple[date, date]]:
    return lambda day: period(period(day)[0] - timedelta(days=1))


CALENDAR: dict[str, tuple[str, Callable[[date], tuple[date, date]]]] = {
    "mois": ("Ce mois", _month),
    "mois-dernier": ("Mois dernier", _before(_month)),
    "trimestre": ("Ce trimestre", _quarter),
    "trimestre-dernier": ("Trimestre dernier", _before(_quarter)),
    "annee": ("Cette année", _year),
    "annee-derniere": ("Année dernière", _before(_year)),
}
# By how many before the last one that has begun.
FISCAL = {"exercice": ("Exercice en cours", 0), "exercice-precedent": ("Exercice précédent", 1)}
WORDS = {name: words for name, (words, _) in (CALENDAR | FISCAL).items()}


def bounds_of(name: str, *, today: date) -> tuple[date, date] | None:
    """First and last day of a period of the calendar; None for a fiscal year, which the company's books know."""
    return CALENDAR[name][1](today) if name in CALENDAR else None


def within(name: str, *, company: Company, today: date) -> Q:
    """The purchases dated in the period; none where the company has no such year."""
    if bounds := bounds_of(name, today=today):
        return Q(issued_on__gte=bounds[0], issued_on__lte=bounds[1])
    begun = FiscalYear.objects.filter(company=company, starts_on__lte=today).order_by("-starts_on")
    place = FISCAL[name][1]
    first, last = (Subquery(begun.values(field)[place : place + 1]) for field in ("starts_on", "ends_on"))
    return Q(issued_on__gte=first, issued_on__lte=last)
