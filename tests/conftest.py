"""What every test stands on: real servers, a real worker, a real browser, strict templates, no outer network.

Servers come up while this file is imported: the settings read their addresses, and other conftests import models.
"""

import atexit
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers import TestServers, keep_to_ourselves

if "PYTEST_XDIST_WORKER" not in os.environ:
    started = TestServers()
    atexit.register(started.stop)
    started.start()
keep_to_ourselves()
os.environ.update(DJANGO_SETTINGS_MODULE="meg.settings", DJANGO_ALLOW_ASYNC_UNSAFE="1")

import django  # noqa: E402
import hypothesis  # noqa: E402
from django.conf import settings  # noqa: E402

from tests.strict_templates import STRICT  # noqa: E402

# Examples are never timed: a busy machine is not a failure.
hypothesis.settings.register_profile("meg", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("meg")
engines: list[dict[str, Any]] = settings.TEMPLATES
for engine in engines:
    engine["OPTIONS"].update(STRICT)
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()
# Workers of pytest-xdist inherit it, and would read the settings before the addresses of their own servers stand.
del os.environ["DJANGO_SETTINGS_MODULE"]

from tests.browser import launch_arguments  # noqa: E402
from tests.web import WebServer  # noqa: E402
from tests.worker import Worker, forget_messages  # noqa: E402

WORKER = Worker()


@pytest.fixture(scope="session")
def shared_worker(django_db_setup: None) -> Iterator[Worker]:
    yield WORKER
    WORKER.stop()


@pytest.fixture(autouse=True)
def idle_before_the_tables_are_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """A worker that an earlier test started takes what this one sent: it has done so before the rows go."""
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        yield
        if WORKER.is_alive:
            WORKER.wait_until_idle()
    else:
        yield


@pytest.fixture
def celery_worker_process(transactional_db: None, shared_worker: Worker) -> Iterator[Worker]:
    """A live Celery worker that sees what this test commits; it is idle again before the tables are emptied."""
    forget_messages()
    shared_worker.start()
    yield shared_worker
    shared_worker.wait_until_idle()


@pytest.fixture
def no_worker(shared_worker: Worker) -> Iterator[None]:
    """Nobody takes the messages, so that a test can count them."""
    shared_worker.stop()
    forget_messages()
    yield
    forget_messages()


@pytest.fixture(scope="session")
def shared_web_server(django_db_setup: None) -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.kill()


@pytest.fixture
def web_server(transactional_db: None, shared_web_server: WebServer) -> WebServer:
    """The web server of `make run`, its own processes, that sees what this test commits."""
    shared_web_server.start()
    return shared_web_server


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    return launch_arguments()
