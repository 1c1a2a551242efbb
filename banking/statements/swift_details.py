"""The :86: of an MT940 → label, detail and complements: sub-fields ?20…, /REMI/…, or free text."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from banking.statements.statement import Complements, one_line, pieces

LABEL_LENGTH: Final = 200
_NONE: Final = {"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "UNKNOWN"}
_GERMAN: Final = re.compile(r"\s*[0-9]{3}\?[0-9]{2}")
_PART: Final = re.compile(r"\?([0-9]{2})([^?]*)")
_SLASHED: Final = re.compile(r"/([A-Z][A-Z0-9]{2,4})/")
_WORD: Final = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP|SQTP|RREF|ORCR|ORMR|DDAT|MDAT)\+"
)
_NUMBERED: Final = re.compile(r"([0-9]{2})(.*)")


def read_details(
    details: Sequence[tuple[str, str]], references: Sequence[str], *, is_credit: bool
) -> tuple[str, str, Complements]:
    """Label, detail and complements.

    `details` are tags and texts; `references` the customer's, the bank's, and the text that stands below the :61:.
    """
    text = "\n".join(_unnumbered(text) if tag == "NS" else text for tag, text in details)
    if _GERMAN.match(text):
        named = _german(text)
    elif _SLASHED.match(one_line(text)):
        named = _slashed(text)
    else:
        named = {"SVWZ": one_line(text)}
    customer, _, below = (one_line(reference) for reference in references)
    shown = [named.get("POST", ""), named.get("NAME", ""), named.get("SVWZ", ""), below]
    label = one_line(" ".join(dict.fromkeys(filter(None, shown[1:3]))) or shown[0] or below, LABEL_LENGTH)
    reference = next((text for text in (named.get("EREF", ""), customer) if text.upper() not in _NONE), "")
    kept = [value for name, value in named.items() if name not in {"POST", "NAME", "SVWZ"}]
    return (
        label or reference or "Sans libellé",
        pieces([label, *shown, *kept, reference]),
        _complements(named, reference, is_credit=is_credit),
    )


def _complements(named: Mapping[str, str], reference: str, *, is_credit: bool) -> Complements:
    name = named.get("NAME", "")[:140]
    return Complements(
        payer=name if is_credit else "",
        beneficiary="" if is_credit else name,
        remittance=named.get("SVWZ", ""),
        mandate=named.get("MREF", "")[:35],
        creditor_identifier=named.get("CRED", "")[:35],
        reference=reference[:140],
    )


def _unnumbered(text: str) -> str:
    """Without the two figures that begin each line of a bank's own :NS: field."""
    return "\n".join(found[2] if (found := _NUMBERED.fullmatch(line)) else line for line in text.split("\n"))


def _german(text: str) -> dict[str, str]:
    """Sub-fields: ?00 what it is, ?20–?29 and ?60–?63 the remittance, ?32 and ?33 the other party.

    The lines of a field are cut at 65 characters, and the sub-fields at 27, in the middle of words: both are glued.
    """
    parts = dict(_PART.findall("".join(text.split("\n"))))
    remittance = "".join(parts[key] for key in sorted(parts) if key[0] == "2" or key in {"60", "61", "62", "63"})
    named = {"POST": one_line(parts.get("00", "")), "NAME": one_line(parts.get("32", "") + parts.get("33", ""))}
    return named | _words(remittance)


def _words(text: str) -> dict[str, str]:
    """« EREF+… SVWZ+… » by their word; what stands before the first is the remittance."""
    starts = list(_WORD.finditer(text))
    if not starts:
        return {"SVWZ": one_line(text)}
    named = {"SVWZ": one_line(text[: starts[0].start()])}
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        value = one_line(text[start.end() : following.start() if following else None])
        if value and value.upper() not in _NONE:
            named[start[1]] = f"{named.get(start[1], '')} {value}".strip()
    return named


def _slashed(text: str) -> dict[str, str]:
    """« /EREF/…/REMI/… » by their code, in our words."""
    glued = "".join(text.split("\n"))
    starts = list(_SLASHED.finditer(glued))
    found: dict[str, str] = {}
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        value = one_line(glued[start.end() : following.start() if following else None].strip("/")).removeprefix(
            "USTD//"
        )
        if value and value.upper() not in _NONE:
            found.setdefault(start[1], value)
    words = {
        "SVWZ": ("REMI", "INFO"),
        "NAME": ("NAME", "ORDP", "BENM", "NM"),
        "MREF": ("MARF", "MREF"),
        "CRED": ("CSID", "CRED"),
    }
    named = {word: next((found[code] for code in codes if code in found), "") for word, codes in words.items()}
    others = {code: value for code, value in found.items() if all(code not in codes for codes in words.values())}
    return {word: value for word, value in (named | others).items() if value}
