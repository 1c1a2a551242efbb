"""What the page of the connection says of supplier rules: `{% rules_summary company %}`."""

from django import template

from dext_connector.rules.listing import summary_of
from firms.models import Company

register = template.Library()


@register.inclusion_tag("dext_connector/rules_summary.html")
def rules_summary(company: Company) -> dict:
    """How many rules are archived, to decide and live, or what an activation will change: one query."""
    return {"company": company, "counts": summary_of(company)}
