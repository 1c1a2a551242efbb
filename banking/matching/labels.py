"""A bank label, read: the kind of operation, its core, the date of purchase, references, the card and the creditor.

Every bank words it in its own way, so nothing here knows a bank: dates, amounts and identifiers are taken out by
their shape, then the words of the trade (`words.py`) by their meaning; what is left is the core.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from banking.matching.words import CARRIER_TAILS, CARRIERS, KINDS, NOISE

KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
# A SEPA creditor identifier: country, two check digits, business code (mostly ZZZ), national part (EPC262-08); 13
# characters in France.
CREDITOR = re.compile(r"\b(FR\d{2}[A-Z0-9]{3}[A-F0-9]{6}|[A-Z]{2}\d{2}ZZZ[A-Z0-9]{6,28})\b")
DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![/.\d-])")
PACKED_DATE = re.compile(r"(?<![A-Z0-9])(\d{2})(\d{2})(20\d{2}|\d{2})?(?![A-Z0-9])")
# A date before the amount is none of its thousands: « 190819 120,00 USD ».
FOREIGN = re.compile(
    r"(?<![\d,./-])(?!0\d)(\d{1,3}(?:[ .]\d{3})+|\d+)[,.](\d{2}) ?(USD|GBP|CHF|CAD|JPY|SEK|NOK|DKK|PLN|AUD)\b"
)
CARD_DIGITS = re.compile(
    r"(?:\b(?:CARTE|CB|CARD)\s*(?:N\S{0,2}\s*)?[X*]{0,12}|(?<![A-Z0-9])\d{0,6}[X*]{1,12})(\d{4})\b"
    r"|\bCARTE\s+(?:NO?|NUM|NUMERO)\b\W*(\d{3})\b"
)
# What card schemes put between who is paid and for what: « UBER *TRIP », « SUMUP *CHEZ PAUL ».
CARD_STAR = re.compile(r"[A-Z0-9_] ?\*+ ?[A-Z]")
# What follows « FACTURE » where one is paid: its number, if it bears a digit.
DOCUMENT = re.compile(
    r"\b(?:FACTURES?|FACTS?|FACS?|FCT|INVOICES?)[ .:/-]*(?:N[O°]?[ .:]*)?((?=[A-Z/_.-]*\d)[A-Z0-9][A-Z0-9/_.-]{2,})"
)
MASKED_CARD = re.compile(r"(?<![A-Z0-9])\d{0,6}[X*]{1,12}\d{4}(?![A-Z0-9])")
TOKEN = re.compile(r"[A-Z0-9]+")
UNWANTED = NOISE | CARRIERS
UNWANTED_OF_CARRIER = UNWANTED | CARRIER_TAILS
NEVER_A_DATE_AFTER = timedelta(days=3)
POSTED_WITHIN = timedelta(days=45)
PACKED_POSTED_WITHIN = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class Label:
    """`words` is the core in order; `references` are tokens that bear digits; `carrier` the one paid through;
    `documents` what it calls the number of an invoice."""

    kind: str
    words: tuple[str, ...]
    references: frozenset[str]
    purchased_on: date | None
    last_four: str
    creditor: str
    carrier: str
    foreign: tuple[int, str] | None
    documents: frozenset[str] = frozenset()

    @property
    def core(self) -> str:
        return " ".join(self.words)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Upper case without accents or typographic signs: « Maître Dubreuil » → « MAITRE DUBREUIL »."""
    if text.isascii():
        return text.upper()
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).upper()
    return "".join(c for c in bare if not unicodedata.combining(c)).replace("’", "'")


@lru_cache(maxsize=262_144)
def read_label(label: str, booked_on: date) -> Label:
    """Read `label` as booked on `booked_on`, which settles the year of a date that has none."""
    text = fold(label)
    foreign, text = _take_foreign(text)
    creditor = _creditor(text)
    if creditor:
        text = text.replace(creditor, " ")
    kind = _kind(text)
    last_four = _last_four(text) if kind in ("card", "withdrawal") else ""
    purchased_on, text = _take_dates(text, booked_on, kind)
    text = MASKED_CARD.sub(" ", text)
    tokens = TOKEN.findall(text)
    carrier = next((token for token in tokens if token in CARRIERS), "")
    references, documents = _references(text, last_four), _documents(text, kind)
    return Label(
        kind, _core(tokens, carrier), references, purchased_on, last_four, creditor, carrier, foreign, documents
    )


def _kind(text: str) -> str:
    """The first word of the trade among the first four, else the star of a card; « other » where none is."""
    for token in TOKEN.findall(text)[:4]:
        word = token.rstrip("0123456789X") or token
        if word in KIND_OF:
            return KIND_OF[word]
    return "card" if CARD_STAR.search(text) else "other"


def _take_foreign(text: str) -> tuple[tuple[int, str] | None, str]:
    found = FOREIGN.search(text)
    if not found:
        return None, text
    cents = int(re.sub(r"\D", "", found[1])) * 100 + int(found[2])
    return (cents, found[3]), text[: found.start()] + " " + text[found.end() :]


def _creditor(text: str) -> str:
    found = CREDITOR.search(text)
    return found[1] if found else ""


def _last_four(text: str) -> str:
    found = CARD_DIGITS.search(text)
    return found[1] or found[2] if found else ""


def _take_dates(text: str, booked_on: date, kind: str) -> tuple[date | None, str]:
    """The latest believable date in the label, and the label without its dates."""
    found: list[date] = []

    def drop(match: re.Match[str], within: timedelta) -> str:
        day = _believable(match[1], match[2], match[3], booked_on, within)
        if day is None:
            return match[0]
        found.append(day)
        return " "

    text = DATE.sub(lambda match: drop(match, POSTED_WITHIN), text)
    if not found:
        text = PACKED_DATE.sub(lambda match: drop(match, POSTED_WITHIN if match[3] else PACKED_POSTED_WITHIN), text)
    bought = max(found, default=None) if kind in ("card", "withdrawal", "other") else None
    return bought, text


def _believable(day: str, month: str, year: str | None, booked_on: date, within: timedelta) -> date | None:
    """The date meant, if it lies shortly before the booking; else the digits are no date of purchase."""
    years = (
        [booked_on.year, booked_on.year - 1] if year is None else [int(year) if len(year) == 4 else 2000 + int(year)]
    )
    for candidate in years:
        try:
            meant = date(candidate, int(month), int(day))
        except ValueError:
            return None
        if -NEVER_A_DATE_AFTER <= booked_on - meant <= within:
            return meant
    return None


def _references(text: str, last_four: str) -> frozenset[str]:
    """Tokens of four characters or more that bear at least three digits, with and without their signs."""
    chunks = re.split(r"[^A-Z0-9/_.#-]+", text)
    squashed = (re.sub(r"[^A-Z0-9]", "", chunk) for chunk in chunks)
    tokens = {*squashed, *TOKEN.findall(text)} - {last_four}
    return frozenset(token for token in tokens if len(token) >= 4 and sum(map(str.isdigit, token)) >= 3)


def _documents(text: str, kind: str) -> frozenset[str]:
    """Numbers of three digits or more that stand behind « FACTURE », never of a card."""
    found = DOCUMENT.findall(text) if kind != "card" else ()
    return frozenset(number for number in found if sum(map(str.isdigit, number)) >= 3)


def _core(tokens: list[str], carrier: str) -> tuple[str, ...]:
    unwanted = UNWANTED_OF_CARRIER if carrier else UNWANTED
    words = (
        re.sub(r"^\d+|\d+$", "", token) if len(token) > 3 else token for token in tokens if not _is_a_reference(token)
    )
    return tuple(word for word in words if word and word not in unwanted and not word.isdigit() and _is_a_word(word))


def _is_a_reference(token: str) -> bool:
    """« MM9760 », « F2025 »: digits behind a few letters; « TOTAL4127851 » is a name that a bank glued."""
    digits = sum(map(str.isdigit, token))
    return digits >= 3 and len(token) - digits <= 3


def _is_a_word(word: str) -> bool:
    """Not an identifier: at most a third of digits."""
    digits = sum(map(str.isdigit, word))
    return digits * 3 <= len(word) or (len(word) <= 3 and digits < len(word))
