"""OFX, bank and card statements, 1.x SGML and 2.x XML (OFX 1.6 and 2.2, chapter 11)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from banking.statements.account import AccountKey
from banking.statements.money import decimals_of, rescale
from banking.statements.ofx_tags import Node, Reader
from banking.statements.source import Source
from banking.statements.statement import (
    AGAIN,
    Complements,
    Event,
    Statement,
    StatementLine,
    UnreadableStatement,
    one_line,
    pieces,
)
from banking.statements.tally import Tally

LABEL_LENGTH: Final = 200
NAME_LENGTH: Final = 32
_ACCOUNTS: Final = frozenset({"STMTRS", "CCSTMTRS"})

# YYYYMMDD[HHMM[SS[.xxx]]][zone]: the day is the bank's own, whatever the zone.
_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6})?(?:[.,][0-9]*)?\s*(?:\[.*)?")
_AMOUNT: Final = re.compile(r"([+-]?)([0-9]{0,12})(?:[.,]([0-9]*))?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def stream(source: Source) -> Iterator[Event]:
    """The statements of a file, in its order. Raises UnreadableStatement, and nothing else.

    The sign of an amount decides, not TRNTYPE. LEDGERBAL is the closing balance only where it is of the last day
    of the period: it is often that of the day of the download.
    """
    tally, before, is_empty = Tally(), 0, True
    bank_says, lost = "", None
    for node, statement in Reader(source).ended():
        if node.name == "STATUS":
            bank_says = bank_says or _error(node)
        elif node.name in _ACCOUNTS:
            yield _statement(node, tally)
            tally, before, is_empty = Tally(), before + tally.count, False
        elif statement is None:
            lost = lost or node
        elif statement.name in _ACCOUNTS:
            yield tally.add(_line(node, tally.count + 1, _currency(statement)))
    if is_empty:
        raise UnreadableStatement(f"Refusé : ce fichier OFX ne contient aucun relevé de compte.{bank_says} {AGAIN}")
    if lost:
        raise _refusal(lost, before + 1, "hors d’un relevé de compte")


def _error(status: Node) -> str:
    """The bank's own words where it answered with an error instead of a statement."""
    said = status.get("MESSAGE", "CODE") if status.get("SEVERITY").upper() == "ERROR" else ""
    return f" La banque y répond : « {one_line(said, 150)} »." if said else ""


def _currency(statement: Node) -> str:
    """CURDEF, which comes before the operations: they are in euros where it is not there."""
    currency = statement.values.setdefault("CURDEF", "").upper() or "EUR"
    if not _CURRENCY.fullmatch(currency):
        raise UnreadableStatement(
            f"Ligne {statement.line} : devise « {currency[:40]} » inconnue. {AGAIN}", statement.line
        )
    return currency


def _statement(node: Node, tally: Tally) -> Statement:
    currency = _currency(node)
    entries, balance = node.first("BANKTRANLIST"), node.first("LEDGERBAL")
    balance_on = _header_date(balance, "DTASOF")
    closing_on = _header_date(entries, "DTEND") or balance_on or tally.latest
    return Statement(
        account=_account(node),
        currency=currency,
        opening_on=_header_date(entries, "DTSTART"),
        opening_cents=None,
        closing_on=closing_on,
        closing_cents=_balance(balance, currency) if balance_on == closing_on else None,
        lines=(),
        format="ofx",
    )


def _account(node: Node) -> AccountKey:
    card, bank = node.first("CCACCTFROM"), node.first("BANKACCTFROM")
    if len(list(node.all("CCACCTFROM", "BANKACCTFROM"))) > 1:
        raise UnreadableStatement(f"Ligne {node.line} : deux comptes dans un seul relevé. {AGAIN}", node.line)
    if card.get("ACCTID"):
        return AccountKey.from_card(card.get("ACCTID"))
    account = AccountKey.from_ofx(bank.get("BANKID"), bank.get("BRANCHID"), bank.get("ACCTID"))
    if not account.last_four:
        raise UnreadableStatement(f"Ligne {node.line} : le relevé ne nomme pas son compte (ACCTID). {AGAIN}", node.line)
    return account


def _line(node: Node, rank: int, currency: str) -> StatementLine:
    stated = node.first("CURRENCY").get("CURSYM").upper()
    if stated not in {"", currency}:
        raise _refusal(node, rank, f"montant en {stated[:3]} dans un compte en {currency}")
    label, detail = _texts(node)
    return StatementLine(
        booked_on=_line_date(node, rank),
        value_on=_header_date(node, "DTAVAIL"),
        purchased_on=_header_date(node, "DTUSER"),
        amount_cents=_line_amount(node, rank, currency),
        label=label,
        detail=detail,
        kind=node.get("TRNTYPE").upper()[:20],
        bank_reference=node.get("FITID")[:255],
        line_number=node.line,
        complements=Complements(
            original_currency=node.first("ORIGCURRENCY").get("CURSYM").upper()[:3],
            reference=node.get("REFNUM") or node.get("CHECKNUM").strip("0"),
        ),
    )


def _texts(node: Node) -> tuple[str, str]:
    """NAME is cut at 32 characters and MEMO often holds it whole: the longer one, or both."""
    name, memo = node.get("NAME") or node.first("PAYEE", "EXTDPAYEE").get("NAME"), node.get("MEMO")
    if name.casefold() in memo.casefold():
        label = memo
    else:
        label = name if memo.casefold() in name.casefold() else f"{name} {memo}"
    # The detail also has them glued: a NAME of 32 characters may be cut in the middle of a word.
    glued = f"{name}{memo}" if len(name) == NAME_LENGTH and memo and label != memo else ""
    check = node.get("CHECKNUM")
    label = label or f"{node.get('TRNTYPE')} {check}".strip() or "Sans libellé"
    return one_line(label, LABEL_LENGTH), pieces(
        [label, glued, check if check.strip("0") and check not in label else "", node.get("REFNUM")]
    )


def _line_date(node: Node, rank: int) -> date:
    text = node.get("DTPOSTED")
    if not text:
        raise _refusal(node, rank, "date (DTPOSTED) absente")
    found = _date(text)
    if not found:
        raise _refusal(node, rank, f"date « {text[:40]} » illisible, AAAAMMJJ attendu")
    return found


def _line_amount(node: Node, rank: int, currency: str) -> int:
    text = node.get("TRNAMT")
    if not text:
        raise _refusal(node, rank, "montant (TRNAMT) absent")
    cents = _cents(text, currency)
    if cents is None:
        raise _refusal(node, rank, f"montant « {text[:40]} » illisible")
    return cents


def _header_date(node: Node, name: str) -> date | None:
    """A date that may be absent; one that cannot be read counts as absent, the lines' own dates do not."""
    return _date(node.get(name))


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _balance(node: Node, currency: str) -> int | None:
    return _cents(node.get("BALAMT"), currency)


def _cents(text: str, currency: str) -> int | None:
    """« -124,80 », « +2400.00 », « 1 250.5 » → minor units; None where that cannot be told to the last digit."""
    found = _AMOUNT.fullmatch("".join(text.split()).replace("\u2212", "-"))
    if not found or not (found[2] or found[3]):
        return None
    sign, whole, part = found[1], found[2], found[3] or ""
    if len(part) > 12:
        return None
    cents = rescale(int(f"{whole}{part}"), len(part), decimals_of(currency))
    return None if cents is None else -cents if sign == "-" else cents


def _refusal(node: Node, rank: int, reason: str) -> UnreadableStatement:
    return UnreadableStatement(f"Opération {rank} (ligne {node.line}) : {reason}. {AGAIN}", node.line)
