"""A payment method as words say it, where no method of the company bears the label."""

import re
from dataclasses import dataclass

from banking.matching.labels import TOKEN, fold
from banking.matching.words import LEGAL_FORMS, LINKS, NOISE

OFF_BANK = re.compile(
    r"\b(ESPECES?|CASH|PERSO|PERSONNEL(?:LE)?|NOTES? DE FRAIS|CAISSE|TICKETS? RESTAURANT|COMPTE COURANT)\b"
)
ADVANCED = re.compile(r"\b(PERSO|PERSONNEL(?:LE)?|NOTES? DE FRAIS)\b")
DEFERRED = re.compile(r"\bDIFFERE")
LAST_FOUR = re.compile(r"(?<!\d)(\d{4})\)?\s*$")


@dataclass(frozen=True, slots=True)
class Method:
    last_four: str
    is_off_bank: bool
    payer: str = ""
    is_deferred: bool = False


def read_method(label: str) -> Method:
    """« Paiement Pro (1234) » → last four 1234; « Espèces » and « Perso (DURAND) » never pass through the bank.

    What a person advanced names the person: `payer` is DURAND, folded.
    """
    text = fold(label).strip()
    found = LAST_FOUR.search(text)
    payer = " ".join(person_words(ADVANCED.sub(" ", text))) if ADVANCED.search(text) else ""
    return Method(found[1] if found else "", bool(OFF_BANK.search(text)), payer, bool(DEFERRED.search(text)))


def person_words(text: str) -> list[str]:
    """The words of a folded text that may be somebody's name: no digits, no words of the trade, no titles."""
    unwanted = NOISE | LEGAL_FORMS | LINKS
    return [word for word in TOKEN.findall(text) if len(word) > 1 and word.isalpha() and word not in unwanted]
