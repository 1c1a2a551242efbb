"""One entry (Ntry) of a CAMT.053 → one bank line, its transactions (TxDtls) as its complements or its detail."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from banking.statements.days import to_day
from banking.statements.money import decimals_of, figures, rescale
from banking.statements.statement import Complements, StatementLine, one_line, pieces
from banking.statements.xml_elements import Element

LABEL_LENGTH: Final = 200
_NONE: Final = {"", "NOTPROVIDED", "NOT PROVIDED"}
_SIGNS: Final = {"CRDT": 1, "DBIT": -1}
_WAITING: Final = {"PDNG", "INFO", "FUTR"}
_AMOUNT: Final = re.compile(r"([0-9]{1,15})?(?:\.([0-9]{0,10}))?")
_CREDITOR: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{3}[0-9A-Z]{1,28}")


def read_entry(entry: Element) -> tuple[StatementLine, str] | None:
    """The line and its currency, None for an entry that is not booked yet. Raises UnreadableStatement.

    RvslInd is of no account: CdtDbtInd already says the sense of the reversal.
    """
    status = entry.get("Sts/Cd", "Sts")
    if status in _WAITING:
        return None
    if status != "BOOK":
        raise entry.refuse(f"statut « {status[:40]} » d’une opération, BOOK, PDNG ou INFO attendu")
    cents, currency = signed_amount(entry)
    parts = list(entry.all("NtryDtls/TxDtls"))
    label, detail = _texts(entry, parts, cents, currency)
    line = StatementLine(
        booked_on=day_of(entry, "BookgDt") or day_of(entry, "ValDt") or _no_day(entry),
        value_on=day_of(entry, "ValDt"),
        amount_cents=cents,
        label=label,
        detail=detail,
        kind=_kind(entry),
        bank_reference=entry.get("AcctSvcrRef")[:255],
        line_number=entry.line,
        complements=_complements(parts[0], cents, currency) if len(parts) == 1 else _of_batch(entry),
    )
    return line, currency


def signed_amount(element: Element) -> tuple[int, str]:
    """Minor units and currency of an entry or a balance. Raises UnreadableStatement."""
    amount, sense = element.first("Amt"), element.get("CdtDbtInd")
    if amount is None:
        raise element.refuse("montant (Amt) absent")
    if sense not in _SIGNS:
        raise element.refuse(f"sens « {sense[:40]} » inconnu, CRDT ou DBIT attendu")
    if not re.fullmatch("[A-Z]{3}", amount.currency):
        raise amount.refuse(f"devise « {amount.currency[:40]} » inconnue")
    cents = _cents(amount)
    if cents is None:
        raise amount.refuse(f"montant « {amount.text[:40]} » illisible")
    return _SIGNS[sense] * cents, amount.currency


def _cents(amount: Element) -> int | None:
    found = _AMOUNT.fullmatch(amount.text)
    if not found or not (found[1] or found[2]):
        return None
    part = found[2] or ""
    return rescale(int(f"{found[1] or 0}{part}"), len(part), decimals_of(amount.currency))


def day_of(element: Element, name: str) -> date | None:
    """The day of a date or of an instant (`Dt` or `DtTm`). Raises UnreadableStatement where it is none."""
    return read_day(element, element.get(f"{name}/Dt", f"{name}/DtTm"))


def read_day(element: Element, text: str) -> date | None:
    """The bank's own day, whatever the hour and its zone; None for no text."""
    day = to_day(text.removesuffix("Z")[:10], "ymd")
    if text and day is None:
        raise element.refuse(f"date « {text[:40]} » illisible, AAAA-MM-JJ attendu")
    return day


def _no_day(entry: Element) -> date:
    raise entry.refuse("date de comptabilisation (BookgDt) absente")


def _kind(entry: Element) -> str:
    """The bank's own code (« B1 » in France), else ISO's domain, family and sub-family."""
    iso = [entry.get(f"BkTxCd/Domn/{name}") for name in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return (entry.get("BkTxCd/Prtry/Cd") or "-".join(filter(None, iso)))[:20]


def _party(part: Element, role: str) -> str:
    """The name of Dbtr, Cdtr… in v02 and v08 alike."""
    return part.get(f"RltdPties/{role}/Pty/Nm", f"RltdPties/{role}/Nm")


def _other(part: Element, cents: int) -> str:
    roles = ("Cdtr", "UltmtCdtr") if cents < 0 else ("Dbtr", "UltmtDbtr")
    return next((name for role in roles if (name := _party(part, role))), "")


def _remittance(part: Element) -> str:
    paths = ("RmtInf/Ustrd", "RmtInf/Strd/RfrdDocInf/Nb", "RmtInf/Strd/CdtrRefInf/Ref")
    return " ".join(dict.fromkeys(text for path in paths for text in part.texts(path)))


def _texts(entry: Element, parts: Sequence[Element], cents: int, currency: str) -> tuple[str, str]:
    own, batch = one_line(entry.get("AddtlNtryInf")), ""
    if len(parts) == 1:
        own_parts = [own, _other(parts[0], cents), _remittance(parts[0]), one_line(parts[0].get("AddtlTxInf"))]
        label = _joined(own_parts)
        shown = [*own_parts, *_references(parts[0])]
    else:
        shown = [own, *_shares(parts, cents, currency)]
        names = ", ".join(dict.fromkeys(filter(None, (_other(part, cents) for part in parts))))
        batch = f"Lot de {len(parts)} opérations ({names})" if names else ""
        label = own or batch
    label = label or entry.get("NtryDtls/Btch/MsgId", "AcctSvcrRef") or _kind(entry)
    return one_line(label, LABEL_LENGTH) or "Sans libellé", pieces([label, *shown])


def _joined(texts: Sequence[str]) -> str:
    """The texts one after the other, without what another already says."""
    label = ""
    for text in texts:
        if text.casefold() not in label.casefold():
            label = f"{label} {text}".strip()
    return label


def _references(part: Element) -> list[str]:
    names = ("EndToEndId", "MndtId", "InstrId", "PmtInfId")
    return [text for name in names if (text := part.get(f"Refs/{name}")).upper() not in _NONE]


def _shares(parts: Sequence[Element], cents: int, currency: str) -> list[str]:
    """« PAPETERIE DELORME FA-2026-1187 −349,80 » of each transaction, or nothing where they do not add up."""
    shares = [_share(part, cents, currency) for part in parts]
    if any(share is None for share in shares) or sum(share or 0 for share in shares) != cents:
        return []
    return [
        one_line(
            f"{_joined([_other(part, cents), _remittance(part), *_references(part)])} {figures(share or 0, currency)}"
        )
        for part, share in zip(parts, shares, strict=True)
    ]


def _share(part: Element, cents: int, currency: str) -> int | None:
    amount = part.first("Amt") or part.first("AmtDtls/TxAmt/Amt")
    units = _cents(amount) if amount and amount.currency == currency else None
    sign = _SIGNS.get(part.get("CdtDbtInd"), 1 if cents > 0 else -1)
    return None if units is None else sign * units


def _complements(part: Element, cents: int, currency: str) -> Complements:
    original = next((found for found in _amounts(part) if found.currency != currency and _cents(found)), None)
    references = _references(part)
    return Complements(
        payer=_other(part, 1)[:140],
        beneficiary=_other(part, -1)[:140],
        remittance=_remittance(part),
        mandate=part.get("Refs/MndtId")[:35],
        creditor_identifier=_creditor(part),
        original_currency=original.currency[:3] if original else "",
        original_cents=_cents(original) if original else None,
        reference=references[0][:140] if references and part.get("Refs/EndToEndId") == references[0] else "",
    )


def _amounts(part: Element) -> list[Element]:
    """What was instructed first: the amount of the order in its own currency."""
    paths = ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "Amt")
    return [found for path in paths for found in part.all(path)]


def _creditor(part: Element) -> str:
    """The SEPA creditor identifier among the private identifiers of the creditor."""
    paths = ("RltdPties/Cdtr/Pty/Id/PrvtId/Othr/Id", "RltdPties/Cdtr/Id/PrvtId/Othr/Id")
    words = [text.replace(" ", "").upper() for path in paths for text in part.texts(path)]
    return next((word for word in words if _CREDITOR.fullmatch(word)), "")


def _of_batch(entry: Element) -> Complements:
    references = (entry.get(f"NtryDtls/Btch/{name}") for name in ("PmtInfId", "MsgId"))
    return Complements(reference=next((text for text in references if text.upper() not in _NONE), "")[:140])
