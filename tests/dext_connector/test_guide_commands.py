"""The commands of docs/dext.md do what they say: a real shell and a real curl run them against a real server.

Each ```sh block starts with `# → STATUS` where it calls; a ```json block below it shows (part of) the answer, « … »
standing for any value.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from achats.models import MethodKind, PaymentMethod
from dext_connector.access.clients import CLIENT_ID, register_client
from tests.factories.achats import pdf
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.factories.firms import PASSWORD, CompanyFactory, member_of

GUIDE = (Path(__file__).resolve().parents[2] / "docs/dext.md").read_text()
# curl as it is, that also leaves what came where the test finds it.
CURL = 'curl() { command curl --silent --show-error --max-time 20 -D "$SEEN/head" "$@" | tee "$SEEN/body"; }\n'
# The user's browser: it signs in, consents to every company, and prints the address that it comes back to.
BROWSE = r"""
csrf() { grep -o 'csrfmiddlewaretoken" value="[^"]*' | head -1 | cut -d'"' -f3; }
page() { command curl --silent --show-error --max-time 20 -b "$SEEN/jar" -c "$SEEN/jar" "$@"; }
browse() {
  local token companies
  token=$(page "$BASE/connexion/" | csrf)
  page -o /dev/null "$BASE/connexion/" -d "csrfmiddlewaretoken=$token" --data-urlencode "email=$EMAIL" \
    --data-urlencode "password=$PASSWORD"
  page "$1" > "$SEEN/consent"
  companies=$(grep -o 'name="dossiers"[^>]*value="[^"]*' "$SEEN/consent" | sed 's/.*value="/-d dossiers=/')
  page -o /dev/null -w '%{redirect_url}' "$1" -d "csrfmiddlewaretoken=$(csrf < "$SEEN/consent")" -d geste=autoriser \
    $companies
}
"""
KEEP = '\nfor part in head body; do [ ! -e "$SEEN/$part" ] || mv "$SEEN/$part" "$SEEN/{index}.$part"; done\n'


@dataclass(frozen=True)
class Command:
    script: str
    status: str
    answer: str

    @property
    def name(self) -> str:
        return self.script.strip()[:200]


def commands(guide: str) -> list[Command]:
    """Each ```sh block with the ```json block that follows it before another one."""
    found: list[Command] = []
    for language, text in re.findall(r"^```(sh|json)\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL):
        if language == "sh":
            found.append(Command(text, "".join(re.findall(r"^# → (\d{3})", text)), ""))
        elif not found[-1].answer:
            found[-1] = replace(found[-1], answer=text)
    return found


@pytest.mark.django_db(transaction=True)
def test_every_command_of_the_guide_answers_what_stands_below_it(live_server, tmp_path):
    company = CompanyFactory()
    PaymentMethod.objects.create(company=company, label="Paiement Pro (1234)", kind=MethodKind.CARD, last_four="1234")
    BankTransactionFactory(account=BankAccountFactory(company=company), label="CB GARAGE DU PORT")
    (tmp_path / "ticket.pdf").write_bytes(pdf())
    register_client(client_id=CLIENT_ID, name="Dext", redirect_uris=["https://app.dext.example/meg/return"])
    told = commands(GUIDE)
    run(told, tmp_path, BASE=live_server.url, EMAIL=member_of(company).email, PASSWORD=PASSWORD)
    for index, command in enumerate(told):
        head, body = (tmp_path / f"{index}.{part}" for part in ("head", "body"))
        assert head.exists() == bool(command.status), f"the block says no status: {command.name}"
        if command.status:
            assert head.read_text().rpartition("HTTP/")[2].split()[1] == command.status, body.read_text()
        if command.answer:
            assert differences(json.loads(command.answer), json.loads(body.read_text())) == [], command.name


def run(told: list[Command], folder: Path, **environment: str) -> None:
    script = CURL + BROWSE + "".join(command.script + KEEP.format(index=index) for index, command in enumerate(told))
    known = {"PATH": os.environ["PATH"], "SEEN": str(folder), "LC_ALL": "C.UTF-8"} | environment
    done = subprocess.run(["bash", "-eu", "-c", script], cwd=folder, env=known, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def differences(shown, real, at: str = "") -> list[str]:
    """Where `real` lacks what is shown; a list shows the form of its first row."""
    if shown == "…" or shown == real:
        return []
    if isinstance(shown, dict) and isinstance(real, dict):
        lacking = [f"{at}/{name}" for name in shown.keys() - real.keys()]
        return lacking + [
            wrong
            for name in shown.keys() & real.keys()
            for wrong in differences(shown[name], real[name], f"{at}/{name}")
        ]
    if isinstance(shown, list) and isinstance(real, list) and shown and real:
        return differences(shown[0], real[0], f"{at}/0")
    return [f"{at}: {shown!r} shown, {real!r} real"]


def test_the_guide_has_commands():
    assert len(commands(GUIDE)) > 8


def test_what_an_answer_lacks_or_says_otherwise_is_seen():
    assert differences({"a": "…", "b": [{"c": 1}]}, {"a": 2, "b": [{"c": 1, "d": 4}]}) == []
    assert differences({"a": 1, "b": 2}, {"b": 3}) == ["/a", "/b: 2 shown, 3 real"]
