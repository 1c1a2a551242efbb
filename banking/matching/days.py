"""Days before and after a date, which stop at the first and the last that there are: a statement may say 31/12/9999."""

from datetime import date, timedelta


def shifted(day: date, by: timedelta) -> date:
    """The date `by` later, or earlier where it is negative."""
    ordinal = day.toordinal() + by.days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))
