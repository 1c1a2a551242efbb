"""The members of a firm, for its administrators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from firms.access import firm_page
from firms.forms import SeatForm
from firms.members import LastAdministrator, change_member, switch_member
from firms.models import Firm, Membership
from firms.views.invitations import members_url


@firm_page()
def members(request: HttpRequest, firm: Firm) -> HttpResponse:
    context = {
        "firm": firm,
        "members": firm.memberships.select_related("user")
        .with_company_count()
        .with_entrusted_count()
        .order_by("user__email"),
        "invitations": firm.invitations.filter(accepted_at=None),
        "now": timezone.now(),
    }
    return render(request, "firms/members.html", context)


@firm_page()
def member(request: HttpRequest, firm: Firm, membership_id: UUID) -> HttpResponse:
    membership = get_object_or_404(firm.memberships.select_related("user"), pk=membership_id)
    initial = {name: getattr(membership, name) for name in ("role", "sees_all_companies")}
    initial |= {"companies": list(membership.companies.all()), "entrusted": list(membership.entrusted.all())}
    form = SeatForm(request.POST or None, firm=firm, initial=initial)
    if form.is_valid() and change(request, membership, form):
        return redirect(members_url(firm))
    return render(request, "firms/member.html", {"form": form, "firm": firm, "member": membership})


def change(request: HttpRequest, membership: Membership, form: SeatForm) -> bool:
    """Do what the form asks; False, with the sentence in the form, where it may not be."""
    try:
        change_member(
            membership=membership,
            role=form.cleaned_data["role"],
            companies=form.chosen_companies(),
            entrusted=form.cleaned_data["entrusted"],
        )
    except LastAdministrator as refusal:
        form.add_error("role", str(refusal))
        return False
    messages.success(request, f"{membership.user}\u00a0: rôle et dossiers enregistrés.")
    return True


@require_POST
@firm_page()
def switch(request: HttpRequest, firm: Firm, membership_id: UUID) -> HttpResponse:
    membership = get_object_or_404(firm.memberships.select_related("user"), pk=membership_id)
    is_active = request.POST.get("actif") == "oui"
    try:
        switch_member(membership=membership, is_active=is_active)
    except LastAdministrator as refusal:
        messages.error(request, str(refusal))
    else:
        deed = "a de nouveau accès au cabinet" if is_active else "n’a plus accès au cabinet"
        messages.success(request, f"{membership.user} {deed}.")
    return redirect(members_url(firm))
