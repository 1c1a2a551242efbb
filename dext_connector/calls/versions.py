"""Which state of an item a client has seen: its ETag, and the `If-Match` that guards what others changed since."""

import hashlib
import json

from django.utils.http import parse_etags

from achats.models import PurchaseInvoice


class NoVersionNamed(Exception):
    """A change came without `If-Match`."""


class VersionStale(Exception):
    """The item changed since the version that `If-Match` names."""


def etag_of(invoice: PurchaseInvoice, answer: dict) -> str:
    """The ETag, quotes included, of an item whose present answer is `answer`.

    It changes with every change of the invoice (`updated_at`), of its lines, and of what the answer shows beside it:
    its document and its match. Where MEG is reached from does not count.
    """
    lines = invoice.lines.order_by("position").values_list("pk", "label", "account", "vat_code", "gross_amount")
    shown = {name: value for name, value in answer.items() if name != "web_url"}
    text = json.dumps([invoice.updated_at.isoformat(), list(lines), shown], default=str, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def check_version(if_match: str, etag: str) -> None:
    """Whether `if_match`, a header, names `etag`; a proxy may have weakened it. Raises NoVersionNamed, VersionStale."""
    if not if_match:
        raise NoVersionNamed
    if not names_version(if_match, etag):
        raise VersionStale


def names_version(header: str, etag: str) -> bool:
    """Whether `If-Match` or `If-None-Match` names `etag`, or all."""
    return bool({"*", etag} & {name.removeprefix("W/") for name in parse_etags(header)})
