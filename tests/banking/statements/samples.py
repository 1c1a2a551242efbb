"""Where samples are: the shared ones beside the checkout, skipped by name where absent, and the project's own."""

from pathlib import Path

import pytest

OWN = Path(__file__).parents[2] / "samples" / "bank"
SHARED = Path(__file__).parents[4] / "shared" / "samples" / "bank"


def shared(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"échantillon absent : {name}")
    return path.read_bytes()


def own(name: str) -> bytes:
    return (OWN / name).read_bytes()
