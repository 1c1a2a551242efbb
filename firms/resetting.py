"""Asking for a new password: not too often, and alike whether the account exists or not."""

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
