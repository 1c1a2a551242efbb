"""The mail that carries an invitation's link."""

from collections.abc import Iterable
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from firms.invitations import invite
from firms.models import Company, Firm, Invitation, User


class MailNotSent(Exception):
    """The mail server refused the message or did not answer; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Le message n’a pas pu partir\u00a0: l’invitation n’est pas enregistrée. Réessayez plus tard.")


@transaction.atomic
def invite_by_mail(
    *, firm: Firm, email: str, role: str, companies: Iterable[Company] | None, by: User, site_url: str
) -> Invitation:
    """Invite a person and send the link; either both happen or neither. Raises MailNotSent."""
    invitation, token = invite(firm=firm, email=email, role=role, companies=companies, by=by)
    context = {"invitation": invitation, "by": by, "link": site_url + reverse("firms:invitation", args=[token])}
    body = render_to_string("firms/mail/invitation.txt", context)
    try:
        send_mail(f"Votre accès à MEG pour {firm.name}", body, None, [invitation.email])
    except (OSError, SMTPException) as error:
        raise MailNotSent from error
    return invitation
