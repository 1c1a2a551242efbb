"""How people join a firm: a link that works once and for seven days, of which only the hash is kept."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from firms.models import Company, Firm, Invitation, Membership, Role, User
from firms.signing_in import authenticate_person

VALID_FOR = timedelta(days=7)


class InvitationEnded(Exception):
    """The link was never given, was used, was withdrawn or is too old."""

    def __init__(self) -> None:
        super().__init__("Cette invitation n’est plus valable. Demandez-en une nouvelle à votre cabinet.")


@transaction.atomic
def invite(
    *, firm: Firm, email: str, role: str, companies: Iterable[Company] | None = None, by: User | None = None
) -> tuple[Invitation, str]:
    """Invite `email` into `firm`, for the chosen `companies` or, with None, for all. An earlier invitation ends.

    Returns the invitation and the token of its link, which is nowhere else: `/invitation/<token>/`.
    """
    email = email.strip().lower()
    Invitation.objects.filter(firm=firm, email=email, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        firm=firm,
        email=email,
        role=role,
        sees_all_companies=companies is None or role == Role.ADMINISTRATOR,
        token_hash=hash_of(token),
        expires_at=timezone.now() + VALID_FOR,
        created_by=by,
    )
    invitation.companies.set([company for company in companies or [] if company.firm_id == firm.pk])
    return invitation, token


def find_invitation(token: str) -> Invitation:
    """The invitation that this link opens. Raises InvitationEnded."""
    invitations = Invitation.objects.select_related("firm").filter(accepted_at=None, expires_at__gt=timezone.now())
    invitation = invitations.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise InvitationEnded
    return invitation


@sensitive_variables("password")
@transaction.atomic
def accept_invitation(*, token: str, password: str, name: str = "", address: str = "") -> User:
    """Make the invited person a member; an account that exists keeps its password, which must be given.

    Raises InvitationEnded, ValidationError (a weak password), WrongCredentials or TooManyAttempts (an account's own).
    """
    Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    invitation = find_invitation(token)
    if User.objects.filter(email=invitation.email).exists():
        user = authenticate_person(email=invitation.email, password=password, address=address)
    else:
        user = User(email=invitation.email, name=name.strip())
        validate_password(password, user)
        user.set_password(password)
        user.save()
    join(invitation=invitation, user=user)
    return user


def join(*, invitation: Invitation, user: User) -> None:
    """Write the membership that the invitation promised, over an older one of the same firm."""
    membership, _ = Membership.objects.update_or_create(
        user=user,
        firm=invitation.firm,
        defaults={
            "role": invitation.role,
            "sees_all_companies": invitation.sees_all_companies,
            "is_active": True,
        },
    )
    membership.companies.set(invitation.companies.all())
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
