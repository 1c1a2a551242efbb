"""Who signs in: the same door for the login page and for the login that Dext calls.

Ten failures in fifteen minutes, of an account or from an address, close it. The answer and its time are the same
whether the account exists or not: Django hashes a password all the same.
"""

import hashlib

from django.contrib.auth import authenticate
from django.core.cache import cache
from django.views.decorators.debug import sensitive_variables

from firms.models import User

FAILURES_ALLOWED = 10
WINDOW_SECONDS = 15 * 60


class WrongCredentials(Exception):
    """No active account has this address and this password."""

    def __init__(self) -> None:
        super().__init__("Adresse ou mot de passe incorrect.")


class TooManyAttempts(Exception):
    """The account or the address failed too often; `retry_after` is in seconds."""

    retry_after = WINDOW_SECONDS

    def __init__(self) -> None:
        super().__init__("Trop d’essais. Réessayez dans 15 minutes.")


@sensitive_variables("password")
def authenticate_person(*, email: str, password: str, address: str) -> User:
    """The active user of these credentials; `address` is the network address that they came from.

    Raises WrongCredentials or TooManyAttempts, each with the sentence to show. An attempt counts before it is judged,
    so that many at once do not slip through.
    """
    account = email.replace("\0", "").strip().lower()
    keys = [counter("account", account), counter("address", address)]
    if max([count_attempt(key) for key in keys]) > FAILURES_ALLOWED:
        raise TooManyAttempts
    user = authenticate(None, username=account, password=password)
    if not isinstance(user, User):
        raise WrongCredentials
    forget_attempts(account_key=keys[0], address_key=keys[1])
    return user


def counter(kind: str, value: str) -> str:
    return f"sign-in:{kind}:{hashlib.sha256(value.encode()).hexdigest()}"


def count_attempt(key: str) -> int:
    """Add one to a counter that ends with its window."""
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two calls
        cache.set(key, 1, WINDOW_SECONDS)
        return 1


def forget_attempts(*, account_key: str, address_key: str) -> None:
    """A success clears the account; the address keeps its failures, else one account of one's own would open it."""
    cache.delete(account_key)
    try:
        cache.decr(address_key)
    except ValueError:
        return
