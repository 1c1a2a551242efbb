"""The words of one company in the dashboard of its firm."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from banking.accounts.browsing import age_in_words
from banking.accounts.freshness import LATE_AFTER
from desk.models import CompanyCounters
from dext_connector.models import DextConnection, NoticeKind
from firms.models import Company
from firms.typography import count_of, format_day

NOT_CONNECTED = ("", "non connecté")


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """`dext` and `bank` are a badge (« » where nobody must act) and its words."""

    company: Company
    counters: CompanyCounters | None
    dext: tuple[str, str]
    bank: tuple[str, str]
    last_deed: str


def company_row(company: Company, *, now: datetime) -> CompanyRow:
    """`company` came with its counters and its connection: no query."""
    counters, today = getattr(company, "counters", None), timezone.localdate(now)
    connection = getattr(company, "dext_connection", None)
    return CompanyRow(
        company=company,
        counters=counters,
        dext=_dext(connection, now) if connection else NOT_CONNECTED,
        bank=_bank(counters, today) if counters else ("", ""),
        last_deed=_day(counters.last_deed_at, today) if counters and counters.last_deed_at else "",
    )


def _dext(connection: DextConnection, now: datetime) -> tuple[str, str]:
    if connection.disconnected_at:
        return "", "déconnecté"
    ends = timezone.localdate(connection.expires_at)
    if connection.expires_at <= now:
        return "error", f"finie le {format_day(ends)}"
    days = (ends - timezone.localdate(now)).days
    if days > NoticeKind.MONTH:
        return "", f"jusqu’au {format_day(ends)}"
    return "todo", f"finit dans {days}\u00a0j" if days else "finit aujourd’hui"


def _bank(counters: CompanyCounters, today: date) -> tuple[str, str]:
    known = counters.bank_known_until
    if known is None:
        return "", "aucun relevé" if counters.bank_account_count else "aucun compte"
    words = age_in_words(known, today=today)[0]
    return "todo" if today - known > LATE_AFTER else "", words[0].lower() + words[1:]


def _day(moment: datetime, today: date) -> str:
    """« aujourd’hui », « hier », « 02/09/2019 »."""
    day = timezone.localdate(moment)
    return {0: "aujourd’hui", 1: "hier"}.get((today - day).days, format_day(day))


def counted_in_words(sums: dict, *, today: date) -> str:
    """« Compté à 14:32 »: when the company that was left longest was counted; and how many never were."""
    parts = []
    if sums["counted_at"]:
        moment = timezone.localtime(sums["counted_at"])
        day = "" if moment.date() == today else f"le {format_day(moment.date())} "
        parts.append(f"compté {day}à {moment:%H:%M} ou après")
    if sums["uncounted"]:
        parts.append(count_of(sums["uncounted"], "pas encore compté", "pas encore comptés"))
    return " · ".join(parts)
