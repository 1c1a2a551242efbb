"""Browsers of the journeys; `signed_in` is one that forgives neither a fault in the console nor one of axe."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, expect

from firms.models import Company, User
from tests.factories.firms import CompanyFactory, member_of

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
EXPECTED_REFUSALS = ("409 (Conflict)", "401 (Unauthorized)", "422 (")
# A request that a newer one replaced (hx-sync; one that failed says htmx:sendError or htmx:responseError besides), and
# a page that one left before it had faded in.
ABORTED = "Transition was aborted because of invalid state. ViewTransition opt-in disabled"
REPLACED = ("htmx:sendAbort", "htmx:afterRequest", "Transition was skipped", ABORTED)


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: a journey names its live server. (pytest deprecates how pytest-playwright writes this; warnings fail.)"""


@pytest.fixture
def company(transactional_db: None) -> Company:
    return CompanyFactory.create(code="DEMO", name="Boulangerie Martin")


@pytest.fixture
def person(company: Company) -> User:
    return member_of(company)


@pytest.fixture
def no_fault_in_the_console(page: Page) -> Iterator[None]:
    """A content security policy that is broken, or a script that fails, is written there."""
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED_REFUSALS + REPLACED):
            faults.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: None if str(error) in REPLACED else faults.append(str(error)))
    page.set_default_timeout(PATIENCE_MS)
    yield
    assert not faults


@pytest.fixture
def signed_in(page: Page, live_server, person: User, client: Client, no_fault_in_the_console: None) -> Page:
    """The page of `person`'s browser."""
    page.set_viewport_size({"width": 1366, "height": 820})
    sign_in(page, live_server.url, client, person)
    return page


def sign_in(page: Page, address: str, client: Client, person: User) -> None:
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": address}])


@pytest.fixture
def assert_accessible(page: Page) -> Callable[[], None]:
    """No rule of axe is broken on the page as it stands."""

    def check() -> None:
        found = Axe().run(page).response["violations"]
        assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]

    return check
