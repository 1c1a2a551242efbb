"""docs/dext.md is held against the code: every code of a problem or a fault stands in it, and no other."""

import re
from pathlib import Path

from dext_connector.errors import MEANINGS

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
