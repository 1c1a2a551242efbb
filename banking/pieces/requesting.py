"""Ask a client for documents: a link that ends, of which only the hash is kept, and that can be withdrawn."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from banking.models import BankTransaction, PieceRequest, RequestedLine
from firms.events import record_event
from firms.models import Company, User

VALID_FOR = timedelta(days=30)
MOST_LINES = 100


class NothingToAsk(Exception):
    """None of the lines still lacks its document. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Ces opérations ont reçu leur pièce entre-temps : rien n’a été demandé.")


class RequestNotSent(Exception):
    """The mail server refused the message or did not answer; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Le message n’a pas pu partir\u00a0: la demande n’est pas enregistrée. Réessayez plus tard.")


class RequestEnded(Exception):
    """The link was never given, was withdrawn or is too old. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Ce lien n’est plus valable. Demandez-en un nouveau à votre cabinet.")


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
) -> tuple[PieceRequest, str]:
    """Ask for the documents of these lines; → the request and its link, which is nowhere else.

    Where there is an `email` the link is sent to it; either both happen or neither. Writes `pieces.requested`. Raises
    NothingToAsk, RequestNotSent.
    """
    rows = BankTransaction.objects.filter(company=company, pk__in=line_ids, amount__lt=0).untouched()
    lines = list(rows.order_by("booked_on", "id")[:MOST_LINES])
    if not lines:
        raise NothingToAsk
    token = secrets.token_urlsafe(32)
    request = PieceRequest.objects.create(
        company=company, recipient=recipient[:200], email=email, token_hash=hash_of(token),
        expires_at=at + VALID_FOR, requested_at=at, requested_by=by,
    )  # fmt: skip
    RequestedLine.objects.bulk_create(RequestedLine(company=company, request=request, transaction=row) for row in lines)
    record_event(company=company, kind="pieces.requested", subject_id=request.pk, by=by, at=at)
    link = site_url + reverse("banking:pieces_public", args=[token])
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


def find_request(token: str, *, at: datetime) -> PieceRequest:
    """The request that this link opens. Raises RequestEnded."""
    rows = PieceRequest.objects.open(at=at).select_related("company__firm")
    request = rows.filter(token_hash=hash_of(token), company__is_active=True).first()
    if request is None:
        raise RequestEnded
    return request


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
