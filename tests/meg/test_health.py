"""`GET /healthz/`: 503 until all is there, then 200."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from firms.models import Company, Firm
from meg import health
from meg.demonstration import CODE, mark_seeded
from meg.workers import WORKER_SEEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen() -> None:
    cache.set(WORKER_SEEN, 1, timeout=30)


@pytest.fixture
def unseen() -> None:
    cache.delete(WORKER_SEEN)


def test_it_is_unhealthy_until_a_worker_was_seen(client: Client, settings: Settings, unseen: None) -> None:
    settings.DEMO = False
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()) == (503, {"status": "starting", "missing": ["worker"]})
    cache.set(WORKER_SEEN, 1, timeout=30)
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "missing": []})


def test_the_demonstration_is_healthy_once_seeded(client: Client, settings: Settings, seen: None) -> None:
    settings.DEMO = True
    assert client.get("/healthz/").json() == {"status": "starting", "missing": ["demonstration"]}
    firm = Firm.objects.create(code=CODE, name=CODE)
    company = Company.objects.create(firm=firm, code=CODE, name=CODE)
    assert client.get("/healthz/").status_code == 503
    mark_seeded(company=company)
    assert client.get("/healthz/").status_code == 200


def test_it_is_unhealthy_while_a_migration_waits(client: Client, monkeypatch: pytest.MonkeyPatch, seen: None) -> None:
    monkeypatch.setattr(health, "_migrated", set())
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    assert client.get("/healthz/").json() == {"status": "starting", "missing": ["migrations"]}


def test_a_live_worker_is_seen(celery_worker_process: object, client: Client, settings: Settings) -> None:
    """Within its next heartbeats: a test before may have forgotten the last one."""
    settings.DEMO = False
    patience = time.monotonic() + 15
    while client.get("/healthz/").status_code != 200:
        assert time.monotonic() < patience, "no heartbeat of the worker was seen"
        time.sleep(0.2)
