"""The login page, and the password that was forgotten or is to change."""

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy

from firms.access import signed_in
from firms.addresses import client_address, site_url
from firms.forms import TOO_MANY, SignInForm
from firms.resetting import count_reset
from firms.signing_in import TooManyAttempts
from firms.tasks import send_password_link


class SignInView(views.LoginView):
    form_class = SignInForm  # type: ignore[assignment]  # any form with get_user serves
    redirect_field_name = settings.REDIRECT_FIELD_NAME
    template_name = "firms/login.html"
    extra_context = {"demo": settings.DEMO}

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated and request.method == "GET":
            return redirect(settings.LOGIN_REDIRECT_URL)
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_invalid(form)
        return too_many(answer) if form.has_error(NON_FIELD_ERRORS, TOO_MANY) else answer


def too_many(answer: HttpResponse) -> HttpResponse:
    """`answer` as a 429 that says when to come back."""
    answer.status_code = 429
    answer["Retry-After"] = str(TooManyAttempts.retry_after)
    return answer


class SignOutView(views.LogoutView):
    pass


class ForgottenView(views.PasswordResetView):
    template_name = "firms/password_forgotten.html"
    form_class = PasswordResetForm
    success_url = reverse_lazy("firms:password_sent")

    def get_form(self, form_class: type[PasswordResetForm] | None = None) -> PasswordResetForm:
        """Its field is called as everywhere: « Adresse e-mail »."""
        form = super().get_form(form_class)
        form.fields["email"].label = "Adresse e-mail"
        return form

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """The same for every address, in the same time."""
        try:
            count_reset(email=form.cleaned_data["email"], address=client_address(self.request))
        except TooManyAttempts as refusal:
            form.add_error(None, str(refusal))
            return too_many(self.form_invalid(form))
        send_password_link.delay(email=form.cleaned_data["email"], site_url=site_url(self.request))
        return redirect(self.get_success_url())


class ForgottenSentView(views.PasswordResetDoneView):
    template_name = "firms/password_sent.html"


class NewPasswordView(SuccessMessageMixin, views.PasswordResetConfirmView):
    template_name = "firms/password_new.html"
    success_message = "Votre mot de passe est enregistré. Connectez-vous."
    success_url = reverse_lazy("firms:login")


class ChangePasswordView(SuccessMessageMixin, views.PasswordChangeView):
    template_name = "firms/password_change.html"
    success_message = "Votre mot de passe est changé."
    success_url = reverse_lazy("firms:preferences")


change_password = signed_in(ChangePasswordView.as_view())
