"""Which companies a token or a webhook leads to, and to which its user may publish; the rest does not exist for it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from oauth2_provider.models import AccessToken, Application, RefreshToken

from dext_connector.models import DextAuthorization, Webhook
from firms.models import Company, CompanyQuerySet, Membership, User
from firms.roles import RIGHTS, Right

WRITERS = [role for role, rights in RIGHTS.items() if Right.WRITE in rights]


def reachable(token: AccessToken) -> CompanyQuerySet:
    """The open companies that `token` (as BearerToken found it) reaches and that its user may see."""
    rows = Company.objects.visible_to(token.user).filter(is_active=True)
    if token.reaches_all_companies:
        return rows
    return rows.filter(dext_authorizations=token.authorization_id)


def publishable_by(user: User) -> CompanyQuerySet:
    """The open companies to which `user` may publish."""
    firms = user.memberships.filter(is_active=True, role__in=WRITERS).values("firm")
    return Company.objects.visible_to(user).filter(is_active=True, firm__in=firms)


def seats_of(token: AccessToken) -> QuerySet[Membership]:
    """What the user of `token` is in each firm that it reaches, by code of firm."""
    seats = Membership.objects.filter(user=token.user, is_active=True).select_related("firm").order_by("firm__code")
    return seats if token.reaches_all_companies else seats.filter(firm__in=reachable(token).values("firm"))


def companies_of(user: User, application: Application | None, *, at: datetime) -> CompanyQuerySet:
    """What the living tokens of `application` for `user` reach together: of this its webhooks are told."""
    living = _living(DextAuthorization.objects.filter(user=user, application=application), at)
    rows = Company.objects.visible_to(user).filter(is_active=True)
    reached = Q(Exists(living.filter(reaches_all_companies=True))) | Q(Exists(living.filter(companies=OuterRef("pk"))))
    return rows.filter(reached)


def webhooks_reaching(company: Company, *, at: datetime) -> list[Webhook]:
    """The webhooks, oldest first, that are told of `company`: those whose `companies_of` has it."""
    seat = Q(user__memberships__firm=company.firm_id, user__memberships__is_active=True, user__is_active=True)
    sees = Q(user__memberships__sees_all_companies=True) | Q(user__memberships__companies=company)
    own = DextAuthorization.objects.filter(user=OuterRef("user"), application=OuterRef("application"))
    reached = _living(own, at).filter(Q(reaches_all_companies=True) | Q(companies=company))
    candidates = Webhook.objects.filter(seat & sees, Exists(reached)).select_related("user", "application")
    return list(candidates.order_by("id").distinct())


def _living(rows: QuerySet[DextAuthorization], at: datetime) -> QuerySet[DextAuthorization]:
    """Those that have not ended and whose tokens may still be renewed."""
    renewable = RefreshToken.objects.filter(token_family=OuterRef("token_family"), revoked=None)
    return rows.filter(Exists(renewable), expires_at__gt=at)
