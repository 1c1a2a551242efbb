"""Ask a client again, once a week and three times at most, while documents lack: by mail, with a link."""

from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.template.loader import render_to_string

from banking.models import PieceReminder, PieceRequest, RequestedLine
from banking.pieces.requesting import RequestNotSent, hash_of, link_of, new_token
from firms.events import record_event

EVERY = timedelta(days=7)
AT_MOST = 3


def due_requests(*, at: datetime) -> QuerySet[PieceRequest]:
    """Those to be reminded at `at`: wanted, open, still lacking a document, and not written to for a week."""
    lately = PieceReminder.objects.filter(request=OuterRef("pk"), begun_at__gt=at - EVERY)
    lacking = RequestedLine.objects.lacking().filter(request=OuterRef("pk"))
    wanted = PieceRequest.objects.open(at=at).filter(is_reminded=True, company__is_active=True)
    rows = wanted.filter(~Exists(lately), Exists(lacking), requested_at__lte=at - EVERY)
    return rows.annotate(reminded=Count("reminders")).filter(reminded__lt=AT_MOST).order_by("pk")


def remind(*, request_id: UUID, at: datetime, site_url: str) -> PieceReminder | None:
    """Write to the client of a request that is due; None where it is due no more. Writes `pieces.reminded`.

    The reminder is committed first, so that no two workers send it, nor one that died sends it again. One that the mail
    server refuses is taken back, to be tried another time. Raises RequestNotSent.
    """
    token = new_token()
    reminder = _begin(request_id, token, at)
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
        record_event(company=reminder.request.company, kind="pieces.reminded", subject_id=request_id, at=at)
    return reminder


def _begin(request_id: UUID, token: str, at: datetime) -> PieceReminder | None:
    with transaction.atomic():
        locked = PieceRequest.objects.select_for_update(of=("self",)).select_related("company__firm")
        request = locked.filter(pk=request_id).first()
        if request is None or not due_requests(at=at).filter(pk=request_id).exists():
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
