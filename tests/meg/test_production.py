"""Production as it is started: a process with its environment."""

import os
import subprocess
import sys
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from firms.models import User

SECRET = "k3y-" * 16 + "0123456789"
STARTS = (("-c", "import meg.wsgi"), ("manage.py", "check", "--database", "default"))
GIVEN = {"MEG_ENV": "production", "SECRET_KEY": SECRET, "ALLOWED_HOSTS": "meg.example"}


def start(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A Python of production, on this test's own database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(connection.settings_dict['NAME'])}").geturl()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "MEG_DATA_DIR", "REDIS_URL") if name in os.environ}
    given = {**kept, **GIVEN, "DATABASE_URL": url, **changes}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=given, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without_its_secrets(name: str) -> None:
    refused = start("manage.py", "check", **{name: ""})
    assert refused.returncode == 1
    assert f"La variable {name} est obligatoire en production." in refused.stderr


def test_a_misspelt_environment_is_refused_rather_than_taken_for_development() -> None:
    refused = start("manage.py", "check", MEG_ENV="prod")
    assert refused.returncode == 1
    assert "MEG_ENV vaut « development » ou « production », pas « prod »." in refused.stderr


def test_production_refuses_the_demonstration() -> None:
    refused = start("manage.py", "check", MEG_DEMO="1")
    assert refused.returncode == 1
    assert "La démonstration (MEG_DEMO) n’existe pas en production." in refused.stderr


@pytest.mark.parametrize("mail", [{}, {"EMAIL_HOST": "mail.example"}])
def test_check_deploy_is_silent(mail: dict[str, str]) -> None:
    checked = start("manage.py", "check", "--deploy", **mail)
    assert checked.stderr == ""
    assert checked.stdout.startswith("System check identified no issues")
    assert checked.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_production_does_not_serve_a_database_that_has_demonstration_users() -> None:
    for words in STARTS:
        assert start(*words).returncode == 0
    User.objects.create_user("admin@demo.test", "demo-meg-2026")
    for words in STARTS:
        refused = start(*words)
        assert refused.returncode == 1
        assert "Des utilisateurs de démonstration existent" in refused.stderr


@pytest.mark.django_db(transaction=True)
def test_in_production_pages_are_encrypted_and_the_health_page_needs_no_redirection() -> None:
    script = (
        "import django; django.setup(); from django.test import Client; c = Client(headers={'host': 'meg.example'});"
        "print(c.get('/admin/').status_code, c.get('/healthz/').status_code)"
    )
    asked = start("-c", script, DJANGO_SETTINGS_MODULE="meg.settings")
    assert asked.stdout.split()[0] == "301", asked.stderr
    assert asked.stdout.split()[1] in {"200", "503"}
