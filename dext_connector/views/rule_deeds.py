"""What a person decides of archived rules: to take, to choose, to ignore, to take all, to undo."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dext_connector.models import ArchivedRule, RuleState
from dext_connector.rules.deciding import RuleChanged, RuleNotTaken, ignore_rule, take_proposed, take_rule
from dext_connector.rules.forms import AccountForm
from dext_connector.rules.listing import rows_of
from dext_connector.rules.undoing import left_in_words, undo_deed
from dext_connector.views.rule_pages import rules_context
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right
from firms.typography import format_count


@require_POST
@company_page(Right.WRITE)
def take(request: HttpRequest, company: Company, rule_id: UUID) -> HttpResponse:
    """Take the account that is proposed."""
    seen = request.POST.get("etat", RuleState.UNDECIDED)
    deed = partial(take_rule, company=company, rule_id=rule_id, account=None, seen=seen)
    return _decided(request, company, rule_id, deed)


@require_POST
@company_page(Right.WRITE)
def choose(request: HttpRequest, company: Company, rule_id: UUID) -> HttpResponse:
    """Take the account that was typed."""
    form = AccountForm(request.POST, company=company)
    if not form.is_valid():
        return _answer(request, company, rule_id, " ".join(str(error) for error in form.errors["compte"]), 422)
    account, seen = form.cleaned_data["compte"], form.cleaned_data["etat"]
    deed = partial(take_rule, company=company, rule_id=rule_id, account=account, seen=seen)
    return _decided(request, company, rule_id, deed)


@require_POST
@company_page(Right.WRITE)
def ignore(request: HttpRequest, company: Company, rule_id: UUID) -> HttpResponse:
    return _decided(request, company, rule_id, partial(ignore_rule, company=company, rule_id=rule_id))


@require_POST
@company_page(Right.WRITE)
def take_all(request: HttpRequest, company: Company) -> HttpResponse:
    """« Prendre les 31 proposées », in one deed."""
    done = take_proposed(company=company, by=person(request), at=timezone.now())
    if done.deed:
        messages.success(request, f"{done.deed}.")
    if done.left:
        words = "règle laissée" if done.left == 1 else "règles laissées"
        why = "le fournisseur a déjà une autre règle dans MEG, ou deux fournisseurs répondent à son nom."
        messages.warning(request, f"{format_count(done.left)}\u00a0{words} à décider\u00a0: {why}")
    return redirect("dext_connector:rules", company.pk)


@require_POST
@company_page(Right.WRITE)
def undo(request: HttpRequest, company: Company, deed_id: UUID) -> HttpResponse:
    try:
        left = undo_deed(company=company, deed_id=deed_id, by=person(request), at=timezone.now())
    except RuleChanged as change:
        messages.warning(request, str(change))
    else:
        messages.success(request, "Geste annulé\u00a0: les règles sont comme avant.")
        if left:
            messages.warning(request, left_in_words(left))
    return redirect("dext_connector:rules", company.pk)


def _decided(request: HttpRequest, company: Company, rule_id: UUID, deed: Callable[..., ArchivedRule]) -> HttpResponse:
    try:
        rule = deed(by=person(request), at=timezone.now())
    except RuleChanged as change:
        return _answer(request, company, rule_id, str(change), 409)
    except RuleNotTaken as refusal:
        return _answer(request, company, rule_id, str(refusal), 422)
    name, account = rule.supplier_name, rule.account
    words = f"Règle prise\u00a0: {name}, {account}." if account else f"Règle ignorée\u00a0: {name}."
    return _answer(request, company, rule_id, words, 200)


def _answer(request, company: Company, rule_id: UUID, sentence: str, status: int) -> HttpResponse:
    """The row as it stands, with what the head of the page says; without a script, the page again."""
    current = ArchivedRule.objects.current(company).select_related("proposed_account", "account")
    rule = get_object_or_404(current, pk=rule_id)
    level = "success" if status == 200 else "warning" if status == 409 else "error"
    if not request.htmx:
        getattr(messages, level)(request, sentence)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("dext_connector:rules", args=[company.pk]) + f"{query}#regle-{rule_id}")
    (row,) = rows_of(company, [rule])
    context = {
        "company": company,
        "row": row,
        "sentence": sentence,
        "level": level,
        "tab": request.GET.get("onglet", "a-decider"),
    }
    context |= rules_context(company) | {"is_refused": status == 422, "typed": request.POST.get("compte", "")}
    return render(request, "dext_connector/rules.html#answer", context, status=status)
