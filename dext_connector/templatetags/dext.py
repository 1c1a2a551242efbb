"""What every page of a company says of Dext: `{% load dext %}`."""

from django import template
from django.utils import timezone

from dext_connector.connections.states import Ending, ending_of
from firms.models import Company
from firms.roles import Right, grants

register = template.Library()


@register.simple_tag
def connection_ending(company: Company) -> Ending | None:
    """That the connection ends soon, for who may act: one query, none for a reader."""
    if not grants(company.role, Right.WRITE):
        return None
    return ending_of(company, at=timezone.now())
