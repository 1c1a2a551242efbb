"""A payment method as words say it, where no method of the company bears the label."""

import re
from dataclasses import dataclass

from banking.matching.labels import fold

OFF_BANK = re.compile(
    r"\b(ESPECES?|CASH|PERSO|PERSONNEL(?:LE)?|NOTES? DE FRAIS|CAISSE|TICKETS? RESTAURANT|COMPTE COURANT)\b"
)
LAST_FOUR = re.compile(r"(?<!\d)(\d{4})\)?\s*$")


@dataclass(frozen=True, slots=True)
class Method:
    last_four: str
    is_off_bank: bool


def read_method(label: str) -> Method:
    """« Paiement Pro (1234) » → last four 1234; « Espèces » and « Perso » never pass through the company's bank."""
    text = fold(label).strip()
    found = LAST_FOUR.search(text)
    return Method(found[1] if found else "", bool(OFF_BANK.search(text)))
