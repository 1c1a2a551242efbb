"""Dext's part of the demonstration, through the API like anybody: the receipts of the inbox, then all the others."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from dext_connector.simulator import account, inbox, publishing
from dext_connector.simulator.account import connected
from dext_connector.simulator.client import DextClient
from dext_connector.simulator.problems import Refused
from dext_connector.simulator.sending import Fate, Outcome, send_all
from dext_connector.simulator.sources import Piece
from dext_connector.simulator.state import start, store
from meg.demo.company import ACCOUNTANT, PASSWORD
from meg.demo.documents import write_document
from meg.demo.items import WITHDRAWN, purchases, refused_items
from meg.demonstration import CODE

FRANPRIX_ACCOUNT, RECEPTIONS = "60630000", "62570000"
# The lines of La Folie du Pain, the ten cents that Dext misread in the second one mended.
MENDED_LINES = ["9,50", "4,60"]


class ReceiptRefused(Exception):
    """MEG refused a receipt that it must take. The message is MEG's."""


def publish_all(*, base_url: str) -> list[Outcome]:
    """Publish the whole demonstration; Dext is left disconnected, for the newcomer to connect it.

    May run twice: what MEG has is replayed. Raises ApiUnreachable, TokenRefused, ReceiptRefused.
    """
    account.connect(base_url=base_url, email=ACCOUNTANT, password=PASSWORD, firm=CODE, company=CODE)
    try:
        _publish_receipts()
        with connected() as (client, company), TemporaryDirectory(prefix="meg-demo-") as folder:
            return _publish_others(client, company["id"], Path(folder))
    finally:
        account.disconnect()
        with store().change() as state:
            state["calls"] = []


def _publish_receipts() -> None:
    """The inbox, completed as a bookkeeper would."""
    if not _any_receipt_is_there():
        with store().change() as state:
            state["items"] = start()["items"]
    for entry in store().read()["items"]:
        item = entry["item"]
        if inbox.missing(item):
            chosen = item.get("account") or FRANPRIX_ACCOUNT
            publishing.mend(item["external_id"], account=chosen, totals=MENDED_LINES if item.get("lines") else [])
    publishing.publish_all()
    for entry in store().read()["items"]:
        if not entry["answer"]:
            raise ReceiptRefused(f"{entry['item']['supplier']['name']}\u00a0: {entry['problem']}")


def _any_receipt_is_there() -> bool:
    """False on a new database, whatever the simulator's file says of an older one."""
    with connected() as (client, company):
        return any(_is_there(client, company["id"], entry["item"]["external_id"]) for entry in start()["items"])


def _publish_others(client: DextClient, company_id: str, folder: Path) -> list[Outcome]:
    """All that is no receipt of the inbox; the withdrawn one only once, for MEG would take it as a new generation."""
    is_known = _is_there(client, company_id, WITHDRAWN)
    pieces = (piece for piece in _pieces(folder) if not (is_known and piece.name == WITHDRAWN))
    outcomes = list(send_all(client, company_id, pieces))
    if client.item(company_id, WITHDRAWN)["status"] != "cancelled":
        client.cancel(company_id, WITHDRAWN, reason="Publiée dans le mauvais dossier")
    return outcomes


def _is_there(client: DextClient, company_id: str, external_id: str) -> bool:
    try:
        client.item(company_id, external_id)
    except Refused:
        return False
    return True


def _pieces(folder: Path) -> Iterator[Piece]:
    for purchase in purchases():
        yield Piece(purchase.item["external_id"], purchase.item, write_document(purchase, folder))
    for item in refused_items():
        yield Piece(item["external_id"], item)


def faults_of(outcomes: list[Outcome]) -> list[str]:
    """What went otherwise than the demonstration wants, in words; empty when all is well."""
    meant = {item["external_id"] for item in refused_items()}
    return [
        f"{outcome.piece.name}\u00a0: {outcome.fate} {outcome.why}".strip()
        for outcome in outcomes
        if (outcome.fate == Fate.REFUSED) != (outcome.piece.name in meant)
    ]
