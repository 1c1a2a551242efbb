"""The text by which a reception is found: Dext's reference, supplier, invoice number and amount, folded."""

from dext_connector.serializers.items import Glance
from firms.folding import fold
from firms.typography import format_amount


def search_text_of(external_id: str, glance: Glance) -> str:
    """« rb 88213 rb88213 starbucks 4 85 », after a space, so that a search may ask for a word's start."""
    amount = [] if glance.total is None else [f"{glance.total:.2f}", format_amount(glance.total)]
    parts = [glance.supplier, *amount]
    for number in (external_id, glance.reference):
        parts += [number, fold(number).replace(" ", "")]
    return " " + " ".join(dict.fromkeys(folded for part in parts if (folded := fold(part))))
