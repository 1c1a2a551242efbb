"""Which companies a token leads to, and to which its user may publish; the rest does not exist for it."""

from django.db.models import QuerySet
from oauth2_provider.models import AccessToken

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
