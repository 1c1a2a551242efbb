"""Asking for a new password: not too often, and alike whether the account exists or not."""

from urllib.parse import urlsplit

from django.contrib.auth.forms import PasswordResetForm

from firms.signing_in import TooManyAttempts, count_attempt, counter

MAILS_TO_AN_ACCOUNT = 3
ASKED_FROM_AN_ADDRESS = 10


def count_reset(*, email: str, address: str) -> None:
    """Count one request for `email` from the network address `address`. Raises TooManyAttempts.

    What was typed is counted, not what exists: the answer says nothing of the account.
    """
    account = email.replace("\0", "").strip().lower()
    mails = count_attempt(counter("reset-account", account))
    asked = count_attempt(counter("reset-address", address))
    if mails > MAILS_TO_AN_ACCOUNT or asked > ASKED_FROM_AN_ADDRESS:
        raise TooManyAttempts


def send_link(*, email: str, site_url: str) -> None:
    """Mail a one-time link to the active account of `email`, if there is one; it begins with `site_url`.

    The worker does it: a page that mailed by itself would take longer where the account exists.
    """
    form = PasswordResetForm({"email": email})
    if form.is_valid():
        form.save(
            domain_override=urlsplit(site_url).netloc,
            subject_template_name="firms/mail/password_subject.txt",
            email_template_name="firms/mail/password.txt",
            extra_email_context={"site_url": site_url},
        )
