"""Ask a client again while documents lack, by mail, with a link: once a week by itself, or now, never twice a day."""

from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from banking.models import PieceReminder, PieceRequest, RequestedLine
from banking.pieces.requesting import RequestNotSent, hash_of, link_of, new_token
from firms.events import record_event
from firms.models import User
from firms.typography import NBSP, format_day

EVERY = timedelta(days=7)
AT_MOST = 3
# What a person may send besides, so that a client is never harassed.
LEAST_APART = timedelta(days=1)
AT_MOST_IN_ALL = 6


class ReminderHeldBack(Exception):
    """The client is not written to again now. `str()` is one French sentence."""


def due_requests(*, at: datetime) -> QuerySet[PieceRequest]:
    """Those to be reminded at `at`: wanted, open, still lacking a document, and not written to for a week."""
    return _quiet(at=at, since=at - EVERY, fewer=AT_MOST).filter(is_reminded=True)


def remindable_requests(*, at: datetime) -> QuerySet[PieceRequest]:
    """Those that a person may have reminded at once: open, with an address, still lacking, not written to for a day."""
    return _quiet(at=at, since=at - LEAST_APART, fewer=AT_MOST_IN_ALL).exclude(email="")


def _quiet(*, at: datetime, since: datetime, fewer: int) -> QuerySet[PieceRequest]:
    """Open and lacking a document, not written to after `since`, with `fewer` reminders."""
    lately = PieceReminder.objects.filter(request=OuterRef("pk"), begun_at__gt=since)
    lacking = RequestedLine.objects.lacking().filter(request=OuterRef("pk"))
    wanted = PieceRequest.objects.open(at=at).filter(company__is_active=True)
    rows = wanted.filter(~Exists(lately), Exists(lacking), requested_at__lte=since)
    return rows.annotate(reminded=Count("reminders")).filter(reminded__lt=fewer).order_by("pk")


def remind_now(*, request: PieceRequest, by: User, at: datetime, site_url: str) -> PieceReminder:
    """« Relancer maintenant ». Writes `pieces.reminded`. Raises ReminderHeldBack, or RequestNotSent."""
    reminder = _remind(request.pk, remindable_requests(at=at), at, site_url, by)
    if reminder is None:
        raise ReminderHeldBack(_why_not(request, at))
    return reminder


def _why_not(request: PieceRequest, at: datetime) -> str:
    last = request.reminders.order_by("-number").first()
    written_at = last.begun_at if last else request.requested_at
    if not RequestedLine.objects.lacking().filter(request=request).exists():
        return f"Plus rien ne manque à cette demande{NBSP}: aucune relance n’est partie."
    if last and last.number >= AT_MOST_IN_ALL:
        return f"Déjà {AT_MOST_IN_ALL} relances, la dernière {_moment(written_at)}{NBSP}: appelez plutôt votre client."
    if written_at > at - LEAST_APART:
        return (
            f"Dernier message parti {_moment(written_at)}{NBSP}: relance possible {_moment(written_at + LEAST_APART)}."
        )
    return f"Ce lien est fini, ou n’a pas d’adresse{NBSP}: faites une nouvelle demande."


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"le {format_day(local.date())} à {local:%H:%M}"


def remind(*, request_id: UUID, at: datetime, site_url: str) -> PieceReminder | None:
    """Write to the client of a request that is due; None where it is due no more. Writes `pieces.reminded`.

    The reminder is committed first, so that no two workers send it, nor one that died sends it again. One that the mail
    server refuses is taken back, to be tried another time. Raises RequestNotSent.
    """
    return _remind(request_id, due_requests(at=at), at, site_url, None)


def _remind(
    request_id: UUID, due: QuerySet[PieceRequest], at: datetime, site_url: str, by: User | None
) -> PieceReminder | None:
    token = new_token()
    reminder = _begin(request_id, due, token, at)
    if reminder is None:
        return None
    try:
        _send(reminder, link_of(token, site_url=site_url))
    except (OSError, SMTPException) as error:
        reminder.delete()
        raise RequestNotSent from error
    with transaction.atomic():
        reminder.sent_at = at
        reminder.save(update_fields=["sent_at"])
        record_event(company=reminder.request.company, kind="pieces.reminded", subject_id=request_id, by=by, at=at)
    return reminder


def _begin(request_id: UUID, due: QuerySet[PieceRequest], token: str, at: datetime) -> PieceReminder | None:
    with transaction.atomic():
        locked = PieceRequest.objects.select_for_update(of=("self",)).select_related("company__firm")
        request = locked.filter(pk=request_id).first()
        if request is None or not due.filter(pk=request_id).exists():
            return None
        number = request.reminders.count() + 1
        return PieceReminder.objects.create(
            company=request.company, request=request, number=number, token_hash=hash_of(token), begun_at=at
        )


def _send(reminder: PieceReminder, link: str) -> None:
    request = reminder.request
    count = RequestedLine.objects.lacking().filter(request=request).count()
    body = render_to_string("banking/mail/piece_reminder.txt", {"request": request, "count": count, "link": link})
    send_mail(f"Rappel : pièces à envoyer pour {request.company.name}", body, None, [request.email])
