"""What administrators decide of the members of their firm: role, companies, in or out."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from firms.models import Company, Firm, Membership, Role, User
from firms.roles import RIGHTS, Right


class LastAdministrator(Exception):
    """Without this member nobody could let anybody in."""

    def __init__(self) -> None:
        super().__init__("C’est le dernier administrateur du cabinet\u00a0: nommez-en un autre d’abord.")


@transaction.atomic
def change_member(
    *,
    membership: Membership,
    role: str,
    companies: Iterable[Company] | None,
    entrusted: Iterable[Company] | None = None,
) -> None:
    """Give a member another role, in the chosen `companies` of the firm or, with None, in all.

    `entrusted` are the companies of which he is in charge (None leaves them).

    Raises LastAdministrator.
    """
    membership.role = role
    membership.sees_all_companies = companies is None or role == Role.ADMINISTRATOR
    membership.save(update_fields=["role", "sees_all_companies"])
    membership.companies.set([company for company in companies or [] if company.firm_id == membership.firm_id])
    if entrusted is not None:
        membership.entrusted.set([company for company in entrusted if company.firm_id == membership.firm_id])
    keep_an_administrator(membership.firm_id)


@transaction.atomic
def switch_member(*, membership: Membership, is_active: bool) -> None:
    """Let a member in or out of the firm; what he did stays his. Raises LastAdministrator."""
    membership.is_active = is_active
    membership.save(update_fields=["is_active"])
    keep_an_administrator(membership.firm_id)


def keep_an_administrator(firm_id: UUID) -> None:
    """Refuse the change that leaves none; the firm's row is held, so that two cannot leave together."""
    Firm.objects.select_for_update().get(pk=firm_id)
    administrators = Membership.objects.filter(firm=firm_id, role=Role.ADMINISTRATOR)
    if not administrators.filter(is_active=True, user__is_active=True).exists():
        raise LastAdministrator


def who_may_write(company: Company, *, email: str | None = None) -> User | None:
    """The member with this address, or the first one, who may keep the books of `company`."""
    writers = [role for role, rights in RIGHTS.items() if Right.WRITE in rights]
    seats = Membership.objects.filter(firm=company.firm_id, is_active=True, user__is_active=True, role__in=writers)
    seats = seats.filter(Q(sees_all_companies=True) | Q(companies=company))
    if email:
        seats = seats.filter(user__email__iexact=email)
    seat = seats.select_related("user").order_by("pk").first()
    return seat.user if seat else None
