"""The ground of the suite itself."""

import socket

import pytest
import pytest_socket
from django.core.cache import cache
from django.db import connection
from django.template import engines


def test_the_database_is_a_postgresql_18_whose_role_is_no_superuser(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper, current_setting('server_version') from pg_roles where rolname = current_user")
        is_superuser, version = cursor.fetchone()
    assert not is_superuser
    assert version.startswith("18.")


def test_the_cache_is_a_real_valkey() -> None:
    cache.set("x", 1)
    assert cache.get("x") == 1


@pytest.mark.filterwarnings("ignore:A test tried to use socket:UserWarning")
def test_no_test_reaches_the_outer_network() -> None:
    with pytest.raises(pytest_socket.SocketConnectBlockedError), socket.socket() as outer:
        outer.connect(("192.0.2.1", 80))


def test_django_s_own_templates_may_leave_a_variable_undefined() -> None:
    assert engines["django"].from_string("{{ nothing }}").render({}) == ""


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_answers(celery_worker_process) -> None:
    from meg.celery import app

    assert app.control.ping(timeout=10, limit=1)
    assert celery_worker_process.wait_until_idle()
