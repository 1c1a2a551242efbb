"""Which companies a connection of Dext reaches: said here, and only here, for the feed, webhooks and their page."""

from django.db.models import Q
from oauth2_provider.models import Application

from dext_connector.models import Webhook
from firms.models import Company, CompanyQuerySet, User


def companies_of(user: User, application: Application | None) -> CompanyQuerySet:
    """What the tokens of `application` for `user` may see."""
    return Company.objects.visible_to(user).filter(is_active=True)


def webhooks_reaching(company: Company) -> list[Webhook]:
    """The webhooks, oldest first, that are told of `company`: those whose `companies_of` has it."""
    seat = Q(user__memberships__firm=company.firm_id, user__memberships__is_active=True, user__is_active=True)
    sees = Q(user__memberships__sees_all_companies=True) | Q(user__memberships__companies=company)
    candidates = Webhook.objects.filter(seat & sees).select_related("user", "application").order_by("id").distinct()
    return list(candidates)
