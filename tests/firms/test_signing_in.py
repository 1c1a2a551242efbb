"""The door: the same words for every refusal, and ten failures close it."""

import pytest
from django.core.cache import cache

from firms.signing_in import FAILURES_ALLOWED, TooManyAttempts, WrongCredentials, authenticate_person
from tests.factories.firms import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def attempt(email: str, password: str = PASSWORD, address: str = "192.0.2.1"):
    return authenticate_person(email=email, password=password, address=address)


def fail(times: int, email: str = "personne@cabinet.test", address: str = "192.0.2.1") -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            attempt(email, "faux", address)


def test_the_right_password_gives_the_user_whatever_the_case_of_the_address():
    user = UserFactory(email="jeanne@cabinet.test")
    assert attempt(" Jeanne@Cabinet.TEST ") == user


@pytest.mark.parametrize(
    "email", ["membre@cabinet.test", "inconnu@cabinet.test", "coupe@cabinet.test", "nul\0@x.test", ""]
)
def test_every_refusal_has_the_same_words(email: str):
    UserFactory(email="membre@cabinet.test")
    UserFactory(email="coupe@cabinet.test", is_active=False)
    with pytest.raises(WrongCredentials, match=r"^Adresse ou mot de passe incorrect\.$"):
        attempt(email, "faux" if email == "membre@cabinet.test" else PASSWORD)


@pytest.mark.parametrize("email", ["membre@cabinet.test", "inconnu@cabinet.test"])
def test_a_password_is_hashed_once_whether_the_account_exists_or_not(email: str, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    UserFactory(email="membre@cabinet.test")
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args, **kw: hashed.append(1) or encode(*args, **kw))
    with pytest.raises(WrongCredentials):
        attempt(email, "faux")
    assert len(hashed) == 1


def test_after_ten_failures_the_account_is_closed_even_to_the_right_password():
    UserFactory(email="membre@cabinet.test")
    for number in range(FAILURES_ALLOWED):
        fail(1, "membre@cabinet.test", f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts, match=r"^Trop d’essais\. Réessayez dans 15 minutes\.$"):
        attempt("membre@cabinet.test", address="192.0.2.99")


def test_an_unknown_account_is_closed_just_like_a_known_one():
    for number in range(FAILURES_ALLOWED):
        fail(1, "inconnu@cabinet.test", f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        attempt("inconnu@cabinet.test", address="192.0.2.99")


def test_after_ten_failures_the_network_address_is_closed_for_every_account():
    UserFactory(email="membre@cabinet.test")
    for number in range(FAILURES_ALLOWED):
        fail(1, f"essai{number}@cabinet.test")
    with pytest.raises(TooManyAttempts):
        attempt("membre@cabinet.test")
    assert attempt("membre@cabinet.test", address="192.0.2.2")


def test_a_success_forgets_the_failures_of_the_account():
    UserFactory(email="membre@cabinet.test")
    for start in ("192.0.2", "198.51.100"):
        for number in range(FAILURES_ALLOWED - 1):
            fail(1, "membre@cabinet.test", f"{start}.{number}")
        assert attempt("membre@cabinet.test", address=f"{start}.200")


def test_one_s_own_account_does_not_open_an_address_that_failed_for_others():
    UserFactory(email="membre@cabinet.test")
    for number in range(FAILURES_ALLOWED - 1):
        fail(1, f"essai{number}@cabinet.test")
    assert attempt("membre@cabinet.test")
    fail(1, "encore@cabinet.test")
    with pytest.raises(TooManyAttempts):
        attempt("membre@cabinet.test")


def test_successes_are_no_failures_of_the_address():
    UserFactory(email="membre@cabinet.test")
    for _ in range(FAILURES_ALLOWED * 2):
        assert attempt("membre@cabinet.test")
