"""docs/dext.md is held against the code: every code of a problem or a fault stands in it, and no other."""

import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.utils import timezone

from dext_connector.errors import MEANINGS
from dext_connector.models import PublicKind, Webhook
from dext_connector.signing import secret_of, signature

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/dext.md").read_text()


def told(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


def test_every_code_of_a_problem_is_told_with_its_status():
    rows = dict(re.findall(r"^\| ([0-9 ·]+) \| (.+) \|$", GUIDE, re.MULTILINE))
    for meaning in MEANINGS.values():
        (row,) = [words for statuses, words in rows.items() if str(meaning.status) in statuses.split(" · ")]
        assert meaning.code in told(row)


def test_every_code_of_a_fault_is_told():
    sources = [path.read_text() for path in (ROOT / "dext_connector").rglob("*.py") if "simulator" not in path.parts]
    found = {
        code
        for source in sources
        for pattern in (r'code="([a-z_]+)"', r'self\.fault\(\s*key, "([a-z_]+)"', r'_fault\(\s*"([a-z_]+)"')
        for code in re.findall(pattern, source)
    }
    assert found == told(GUIDE.partition("Codes of `errors`:")[2].partition("\n\n")[0])


def test_the_guides_own_check_of_a_signature_accepts_what_meg_sends_and_nothing_else():
    sample = re.search(r"```python\n(.+?)```", GUIDE, re.DOTALL)
    assert sample
    names: dict = {}
    exec(sample[1], names)
    webhook, now = Webhook(pk=uuid4(), generation=2, rotated_at=timezone.now()), timezone.now()
    header, body = signature(webhook, body=b'{"id": 1}', at=now), b'{"id": 1}'
    for generation, fits in ((2, True), (1, True), (3, False)):
        assert names["is_from_meg"](secret_of(webhook.pk, generation), header, body) is fits
    secret = secret_of(webhook.pk, 2)
    assert not names["is_from_meg"](secret, header, body + b" ")
    old = signature(webhook, body=body, at=now - timedelta(minutes=6))
    assert not names["is_from_meg"](secret, old, body)


def test_the_guides_openssl_makes_the_signature_that_meg_sends(tmp_path):
    (sample,) = re.findall(r"^signature\(\) .+$", GUIDE, re.MULTILINE)
    webhook, now, body = Webhook(pk=uuid4()), timezone.now(), b'{"id": 1}'
    (tmp_path / "body.json").write_bytes(body)
    moment, expected = re.fullmatch(r"t=(\d+),v1=(\w+)", signature(webhook, body=body, at=now)).groups()
    script = f"{sample}\nsignature {moment} {tmp_path}/body.json"
    environment = {"PATH": os.environ["PATH"], "SECRET": secret_of(webhook.pk, 1)}
    done = subprocess.run(["bash", "-eu", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_every_reason_and_every_warning_is_told_once_and_no_other():
    paths = [*(ROOT / "achats").rglob("*.py"), *(ROOT / "dext_connector").rglob("*.py")]
    sources = [path.read_text() for path in paths if "simulator" not in path.parts]
    found = {
        code
        for source in sources
        for pattern in (r'Reason\("([a-z_]+)"', r'\{"code": "([a-z_]+)", "message"')
        for code in re.findall(pattern, source)
    }
    rows = re.findall(r"^\| `(?:reasons|warnings)`.* \| (.+) \|$", GUIDE, re.MULTILINE)
    assert sorted(code for row in rows for code in re.findall(r"`([a-z_]+)`", row)) == sorted(found)


def test_every_kind_of_event_is_told():
    assert set(PublicKind.values) <= set(re.findall(r"`([a-z_.]+)`", GUIDE))
