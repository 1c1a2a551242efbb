"""« Ce que MEG a appris » : bank words and SEPA creditors that people confirmed to mean a supplier."""

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from banking.learning import forget_alias
from banking.models import BankAlias, MatchingPolicy
from banking.runs.policies import forget_weights
from banking.runs.weight_words import weights_in_words
from firms.access import company_page, person
from firms.models import Company
from firms.paging import KeyOrder, key_page
from firms.roles import Right, grants

BY_SUPPLIER = KeyOrder(F("supplier__folded_name"), str)


@require_safe
@company_page()
def learnt(request: HttpRequest, company: Company) -> HttpResponse:
    rows = BankAlias.objects.filter(company=company).select_related("supplier")
    page = key_page(rows, BY_SUPPLIER, after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    context = {"company": company, "page": page, "may_write": grants(company.role, Right.WRITE)}
    policy = MatchingPolicy.objects.filter(company=company).first()
    context |= {"policy": policy, "weights": weights_in_words(policy) if policy else []}
    return render(request, "banking/learnt.html", context)


@require_POST
@company_page(Right.WRITE)
def forget(request: HttpRequest, company: Company, alias_id: UUID) -> HttpResponse:
    alias = get_object_or_404(BankAlias.objects.select_related("supplier"), company=company, pk=alias_id)
    forget_alias(alias=alias)
    messages.success(request, f"Oublié\u00a0: «\u00a0{alias.key}\u00a0» ne désigne plus {alias.supplier}.")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("banking:review_learnt", args=[company.pk]) + query)


@require_POST
@company_page(Right.WRITE)
def forget_learnt_weights(request: HttpRequest, company: Company) -> HttpResponse:
    forget_weights(company=company, by=person(request), at=timezone.now())
    messages.success(request, "Oublié\u00a0: le rapprochement repart de ses réglages d’origine.")
    return redirect("banking:review_learnt", company.pk)
