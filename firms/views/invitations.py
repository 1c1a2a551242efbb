"""Inviting somebody, and accepting."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from firms.access import firm_page, person
from firms.addresses import client_address, site_url
from firms.forms import AcceptForm, InvitationForm
from firms.invitation_mail import MailNotSent, invite_by_mail
from firms.invitations import InvitationEnded, accept_invitation, find_invitation
from firms.models import Firm, Invitation, User
from firms.signing_in import TooManyAttempts, WrongCredentials


@firm_page()
def invite(request: HttpRequest, firm: Firm) -> HttpResponse:
    form = InvitationForm(request.POST or None, firm=firm)
    if form.is_valid() and send(request, firm, form):
        return redirect(members_url(firm))
    return render(request, "firms/invite.html", {"form": form, "firm": firm})


def send(request: HttpRequest, firm: Firm, form: InvitationForm) -> bool:
    """Send what the form asks; False, with the sentence in the form, where the mail does not leave."""
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        invite_by_mail(
            firm=firm,
            email=email,
            role=role,
            companies=form.chosen_companies(),
            by=person(request),
            site_url=site_url(request),
        )
    except MailNotSent as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"L’invitation est partie à {email}. Son lien vaut sept jours.")
    return True


@require_POST
@firm_page()
def withdraw(request: HttpRequest, firm: Firm, invitation_id: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=invitation_id, firm=firm, accepted_at=None)
    invitation.delete()
    messages.success(request, f"L’invitation de {invitation.email} est retirée.")
    return redirect(members_url(firm))


@never_cache
@sensitive_post_parameters()
def accept(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitation = find_invitation(token)
    except InvitationEnded as ended:
        return render(request, "firms/invitation_ended.html", {"sentence": str(ended)}, status=410)
    has_account = User.objects.filter(email=invitation.email).exists()
    form = AcceptForm(request.POST or None, has_account=has_account)
    if form.is_valid() and (user := join(request, token, form)):
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "invitation": invitation, "has_account": has_account}
    return render(request, "firms/invitation.html", context)


def join(request: HttpRequest, token: str, form: AcceptForm) -> User | None:
    """The new member, or None with the refusal in the form."""
    try:
        return accept_invitation(token=token, address=client_address(request), **form.cleaned_data)
    except ValidationError as weak:
        form.add_error("password", weak)
    except (InvitationEnded, WrongCredentials, TooManyAttempts) as refusal:
        form.add_error(None, str(refusal))
    return None


def members_url(firm: Firm) -> str:
    return f"{reverse('firms:members')}?cabinet={firm.code}"
