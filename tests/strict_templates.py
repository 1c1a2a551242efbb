"""An undefined variable in one of our templates fails the test that renders it."""

import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


class UndefinedVariableFails:
    """Django's `string_if_invalid`: « %s » in it, and `%` applied, mean that a variable was undefined."""

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        context = sys._getframe(1).f_locals["context"]
        template = context.render_context.template or context.template
        if is_ours(template.origin.name):
            pytest.fail(f"undefined template variable « {variable} » in {template.origin.name}")
        return ""


def is_ours(name: str) -> bool:
    """Django's admin leaves variables undefined; that is its affair."""
    path = Path(name)
    return path.is_relative_to(CHECKOUT) and "site-packages" not in path.parts


STRICT = {"string_if_invalid": UndefinedVariableFails()}
