"""The door of every page and call: which company or firm, and may this user do that in it?"""

from collections.abc import Callable
from functools import wraps
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from firms.models import Company, CompanyQuerySet, Membership, Role, User
from firms.recent import remember_company
from firms.roles import Right, grants


class Asked(HttpRequest):
    """A request as a page sees it, once django-htmx has said whether htmx asks for a part."""

    htmx: HtmxDetails


UNKNOWN = "Cette page n’existe pas, ou vous n’y avez pas accès."

signed_in = login_required(redirect_field_name=settings.REDIRECT_FIELD_NAME)


def person(request: HttpRequest) -> User:
    """Who asks, behind a page that only opens to who is signed in."""
    return cast(User, request.user)


def company_for(user: User, company_id: UUID, among: CompanyQuerySet | None = None) -> Company:
    """The company with its firm and, as `.role`, what the user is in it: one query, which `among` may narrow.

    Raises Http404 for a company of which the user may not know, the same as for none.
    """
    role = Membership.objects.filter(user=user, firm=OuterRef("firm"), is_active=True).values("role")
    company = (
        (Company.objects.all() if among is None else among)
        .visible_to(user)
        .select_related("firm")
        .annotate(users_role=Subquery(role))
        .filter(pk=company_id)
        .first()
    )
    if company is None:
        raise Http404(UNKNOWN)
    company.role = company.users_role
    return company


def companies_to_write(user: User) -> CompanyQuerySet:
    """The active companies in which `user` may write."""
    roles = [role for role in Role if grants(role, Right.WRITE)]
    mine = Membership.objects.filter(user=user, is_active=True, role__in=roles)
    return Company.objects.visible_to(user).filter(is_active=True, firm__in=mine.values("firm"))


def company_page(right: Right = Right.READ) -> Callable:
    """Give the view its `company`: the login page, 404 or 403 stand before it. The path names `company_id`."""

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @signed_in
        @wraps(view)
        def inner(request: HttpRequest, company_id: UUID, **kwargs) -> HttpResponseBase:
            company = company_for(person(request), company_id)
            if not grants(company.role, right):
                raise PermissionDenied("Votre rôle ne permet que la lecture.")
            response = view(request, company, **kwargs)
            remember_company(request, response, company)
            return response

        return inner

    return wrap


def membership_for(user: User, firm_code: str, right: Right) -> Membership:
    """The user's membership of the firm `firm_code` or, where it is empty, of the first in which he holds `right`.

    Its firm bears, as `.role`, what the user is in it, and as `.others` his other firms: one query. Raises Http404 for
    a firm of which the user may not know, PermissionDenied where his role does not hold `right`.
    """
    mine = list(
        user.memberships.filter(is_active=True).telling_own_work().select_related("firm").order_by("firm__code")
    )
    found = [membership for membership in mine if firm_code in {"", membership.firm.code}]
    if not found:
        raise Http404(UNKNOWN)
    for membership in found:
        if grants(membership.role, right):
            membership.firm.role = membership.role
            membership.firm.entrusts_some = membership.has_own_work
            membership.firm.others = [other.firm for other in mine if other is not membership]
            return membership
    raise PermissionDenied("Seuls les administrateurs du cabinet peuvent ouvrir cette page.")


def firm_page(right: Right = Right.ADMINISTER) -> Callable:
    """Give the view its `firm`: the user's own, or the one that `?cabinet=` names."""

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @signed_in
        @wraps(view)
        def inner(request: HttpRequest, **kwargs) -> HttpResponseBase:
            membership = membership_for(person(request), request.GET.get("cabinet", ""), right)
            return view(request, membership.firm, **kwargs)

        return inner

    return wrap
