"""Publish many things, one after the other, and know the fate of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dext_connector.simulator.client import DextClient
from dext_connector.simulator.problems import refused
from dext_connector.simulator.sources import Piece
from dext_connector.simulator.transport import Answer


class Fate(StrEnum):
    """The words are those of « Réceptions Dext », with one more for what never left."""

    CREATED = "Créée"
    REPLAYED = "Rejouée"
    REFUSED = "Refusée"
    UNSENT = "Non envoyée"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one piece. `why` is MEG's sentence of a refusal, or the reasons of « Pas prêt »."""

    piece: Piece
    fate: Fate
    why: str = ""
    answer: dict[str, Any] | None = None


def send_all(client: DextClient, company_id: str, pieces: Iterable[Piece]) -> Iterator[Outcome]:
    """Publish each piece in its order. Raises ApiUnreachable and TokenRefused; a refusal is an outcome."""
    for piece in pieces:
        yield send(client, company_id, piece)


def send(client: DextClient, company_id: str, piece: Piece) -> Outcome:
    if piece.item is None:
        return Outcome(piece, Fate.UNSENT, piece.fault)
    return outcome_of(piece, client.publish(company_id, piece.item, document=piece.document))


def outcome_of(piece: Piece, answer: Answer) -> Outcome:
    if not answer.is_success:
        return Outcome(piece, Fate.REFUSED, refused(answer).sentence)
    fate = Fate.REPLAYED if answer.headers.get("Idempotent-Replayed") == "true" else Fate.CREATED
    why = " ".join(reason["message"] for reason in answer.body.get("reasons") or ())
    return Outcome(piece, fate, why, answer.body)
