"""What the review shows of an automatic match: `{% load review %}`."""

from uuid import UUID

from django import template
from django.utils import timezone

from banking.review.pairs import Candidate
from firms.typography import format_count

register = template.Library()


@register.simple_tag
def scopes(alike: dict[UUID, int], candidate: Candidate) -> list[tuple[str, UUID, str]]:
    """(field, value, words) of what may be undone with it: of its supplier, of its run; none where it is alone."""
    match, invoice = candidate.match, candidate.invoices[0]
    found: list[tuple[str, UUID, str]] = []
    if invoice.supplier_id and (number := alike.get(invoice.supplier_id, 0)) > 1:
        words = f"toutes celles de {invoice.supplier_name} ({format_count(number)})"
        found.append(("fournisseur", invoice.supplier_id, words))
    if match.run and (number := alike.get(match.run.pk, 0)) > 1:
        moment = timezone.localtime(match.run.started_at)
        words = f"toute l’exécution du {moment:%d/%m/%Y} à {moment:%H:%M} ({format_count(number)})"
        found.append(("execution", match.run.pk, words))
    return found
