"""« Règles en vigueur »: the live rules of suppliers, to change and to delete."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from achats.models import SupplierRule
from achats.suppliers.ruling import set_rule
from dext_connector.rules.forms import LiveRuleForm
from dext_connector.rules.listing import LIVE_BY_SUPPLIER, live_rules
from dext_connector.views.rule_pages import rules_context
from firms.access import company_page, person
from firms.models import Company
from firms.paging import key_page
from firms.roles import Right, grants


@require_safe
@company_page()
def live_list(request: HttpRequest, company: Company) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = live_rules(company, search=search)
    page = key_page(rows, LIVE_BY_SUPPLIER, after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    context = {"company": company, "search": search, "page": page, "tab": "en-vigueur", **rules_context(company)}
    return render(request, "dext_connector/live_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def live_rule(request: HttpRequest, company: Company, rule_id: UUID) -> HttpResponse:
    """One live rule, to change."""
    if not grants(company.role, Right.WRITE):
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    rule = _rule(company, rule_id)
    form = LiveRuleForm(request.POST if request.method == "POST" else None, rule=rule)
    if form.is_bound and form.is_valid():
        set_rule(supplier=rule.supplier, values=form.values(), by=person(request), at=timezone.now())
        messages.success(request, f"Règle enregistrée\u00a0: {rule.supplier}.")
        return redirect("dext_connector:live_rules", company.pk)
    context = {"company": company, "rule": rule, "form": form}
    return render(request, "dext_connector/live_rule.html", context, status=422 if form.errors else 200)


@require_POST
@company_page(Right.WRITE)
def delete(request: HttpRequest, company: Company, rule_id: UUID) -> HttpResponse:
    rule = _rule(company, rule_id)
    set_rule(supplier=rule.supplier, values=None, by=person(request), at=timezone.now())
    messages.success(
        request, f"Règle supprimée\u00a0: {rule.supplier}. Ses prochaines factures n’en prendront plus rien."
    )
    return redirect("dext_connector:live_rules", company.pk)


def _rule(company: Company, rule_id: UUID) -> SupplierRule:
    rows = SupplierRule.objects.select_related("supplier__company", "account", "vat_code", "payment_method")
    return get_object_or_404(rows, company=company, pk=rule_id)
