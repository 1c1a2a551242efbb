"""Ask a client for documents: a link that ends, of which only the hash is kept, and that can be withdrawn."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime

from banking.models import BankTransaction, PieceReminder, PieceRequest, RequestedLine
from firms.events import record_event
from firms.models import Company, User
from firms.typography import NBSP, format_day

VALID_FOR = timedelta(days=30)
MOST_LINES = 100


ASK_AGAIN = "Demandez-en un nouveau à votre cabinet comptable."


class NothingToAsk(Exception):
    """None of the lines still lacks its document. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Ces opérations ont reçu leur pièce entre-temps : rien n’a été demandé.")


class RequestNotSent(Exception):
    """The mail server refused the message or did not answer; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Le message n’a pas pu partir\u00a0: la demande n’est pas enregistrée. Réessayez plus tard.")


class RequestEnded(Exception):
    """The link was never given, was withdrawn or is too old; of one that was given, which. `str()` is French."""

    def __init__(self, request: PieceRequest | None = None) -> None:
        super().__init__(_how_it_ended(request) if request else f"Ce lien n’est plus valable. {ASK_AGAIN}")


@transaction.atomic
def request_pieces(
    *,
    company: Company,
    line_ids: Collection[UUID],
    recipient: str,
    email: str,
    by: User,
    at: datetime,
    site_url: str,
    is_reminded: bool = False,
) -> tuple[PieceRequest, str]:
    """Ask for the documents of these lines; → the request and its link, which is nowhere else.

    Where there is an `email` the link is sent to it; either both happen or neither. It alone may be reminded
    (`banking.pieces.reminding`). Writes `pieces.requested`. Raises
    NothingToAsk, RequestNotSent.
    """
    rows = BankTransaction.objects.filter(company=company, pk__in=line_ids, amount__lt=0).untouched()
    lines = list(rows.order_by("booked_on", "id")[:MOST_LINES])
    if not lines:
        raise NothingToAsk
    token = new_token()
    request = PieceRequest.objects.create(
        company=company, recipient=recipient[:200], email=email, token_hash=hash_of(token),
        expires_at=at + VALID_FOR, requested_at=at, requested_by=by, is_reminded=is_reminded and bool(email),
    )  # fmt: skip
    RequestedLine.objects.bulk_create(RequestedLine(company=company, request=request, transaction=row) for row in lines)
    record_event(company=company, kind="pieces.requested", subject_id=request.pk, by=by, at=at)
    link = link_of(token, site_url=site_url)
    if email:
        _send(request, len(lines), link)
    return request, link


def _send(request: PieceRequest, count: int, link: str) -> None:
    context = {"request": request, "count": count, "link": link}
    body = render_to_string("banking/mail/piece_request.txt", context)
    try:
        send_mail(f"Pièces à envoyer pour {request.company.name}", body, None, [request.email])
    except (OSError, SMTPException) as error:
        raise RequestNotSent from error


def revoke_request(*, request: PieceRequest, by: User, at: datetime) -> None:
    """The link opens no more. Writes `pieces.request_revoked`."""
    with transaction.atomic():
        row = PieceRequest.objects.select_for_update().get(pk=request.pk)
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = at, by
            row.save(update_fields=["revoked_at", "revoked_by"])
            record_event(company=row.company, kind="pieces.request_revoked", subject_id=row.pk, by=by, at=at)


def switch_reminders(*, request: PieceRequest, is_on: bool, by: User, at: datetime) -> None:
    """Have the client written to again, or no more. Writes `pieces.reminders_changed`."""
    with transaction.atomic():
        row = PieceRequest.objects.select_for_update().get(pk=request.pk)
        if row.is_reminded != is_on and row.email:
            row.is_reminded = is_on
            row.save(update_fields=["is_reminded"])
            changes = {"is_reminded": [not is_on, is_on]}
            kind = "pieces.reminders_changed"
            record_event(company=row.company, kind=kind, subject_id=row.pk, by=by, at=at, changes=changes)


def find_request(token: str, *, at: datetime) -> PieceRequest:
    """The request that this link opens. Raises RequestEnded."""
    rows = PieceRequest.objects.select_related("company__firm").filter(company__is_active=True)
    told = PieceReminder.objects.filter(token_hash=hash_of(token)).values("request")
    request = rows.filter(Q(token_hash=hash_of(token)) | Q(pk__in=told)).first()
    if request is None or request.revoked_at or request.expires_at <= at:
        raise RequestEnded(request)
    return request


def _how_it_ended(request: PieceRequest) -> str:
    """Whoever holds the link knew of the firm: its name helps."""
    firm = request.company.firm.name
    if request.revoked_at:
        return f"{firm} a retiré cette demande{NBSP}: vous n’avez plus rien à envoyer par ce lien."
    day = format_day(localtime(request.expires_at).date())
    return f"Ce lien a expiré le {day}. S’il manque encore une pièce, demandez un nouveau lien à {firm}."


def new_token() -> str:
    return secrets.token_urlsafe(32)


def link_of(token: str, *, site_url: str) -> str:
    return site_url + reverse("banking:pieces_public", args=[token])


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
