"""Small writers of bank files, so that tests read back what they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

POSITIVE, NEGATIVE = "{ABCDEFGHI", "}JKLMNOPQR"


@dataclass(frozen=True)
class Move:
    on: date
    cents: int
    label: str = "VIR"
    code: str = "06"
    details: tuple[tuple[str, str], ...] = ()
    fitid: str = ""


def cfonb_amount(cents: int) -> str:
    digits = f"{abs(cents):014d}"
    return digits[:-1] + (NEGATIVE if cents < 0 else POSITIVE)[int(digits[-1])]


def record(
    kind: str,
    *,
    on: str = "",
    amount: str = "",
    code: str = "",
    value: str = "",
    label: str = "",
    bank: str = "30004",
    branch: str = "00123",
    number: str = "00012345678",
    currency: str = "EUR",
    decimals: str = "2",
    qualifier: str = "",
    text: str = "",
    reference: str = "",
) -> str:
    head = f"{kind}{bank:5.5}    {branch:5.5}{currency:3.3}{decimals:1.1} {number:11.11}{code:2.2}{on:6.6}"
    if kind == "05":
        return f"{head}     {qualifier:3.3}{text:70.70}  "
    return f"{head}  {value:6.6}{label:31.31}{'':11}{amount:14.14}{reference:16.16}"


def cfonb(
    moves: Sequence[Move],
    *,
    opening: int = 0,
    opening_on: date = date(2026, 10, 31),
    closing_on: date = date(2026, 11, 30),
    gap: int = 0,
    number: str = "00012345678",
    currency: str = "EUR",
    decimals: str = "2",
) -> str:
    same = {"number": number, "currency": currency, "decimals": decimals}
    records = [record("01", on=f"{opening_on:%d%m%y}", amount=cfonb_amount(opening), **same)]
    for move in moves:
        day = f"{move.on:%d%m%y}"
        records.append(
            record("04", on=day, value=day, code=move.code, label=move.label, amount=cfonb_amount(move.cents), **same)
        )
        records += [
            record("05", on=day, code=move.code, qualifier=name, text=text, **same) for name, text in move.details
        ]
    closing = opening + sum(move.cents for move in moves) + gap
    records.append(record("07", on=f"{closing_on:%d%m%y}", amount=cfonb_amount(closing), **same))
    return "\n".join(records) + "\n"


def ofx(
    moves: Sequence[Move],
    *,
    account: str = "<BANKID>30004<BRANCHID>00123<ACCTID>00012345678",
    comma: bool = False,
    is_card: bool = False,
    start: date = date(2026, 11, 1),
    end: date = date(2026, 11, 30),
    balance: str = "",
    zone: str = "",
    currency: str = "EUR",
) -> str:
    kind, acct = ("CCSTMTRS", "CCACCTFROM") if is_card else ("STMTRS", "BANKACCTFROM")
    lines = "\n".join(_ofx_line(move, rank, comma=comma, zone=zone) for rank, move in enumerate(moves, start=1))
    return (
        "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n"
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><{kind}><CURDEF>{currency}<{acct}>{account}<ACCTTYPE>CHECKING</{acct}>"
        f"<BANKTRANLIST><DTSTART>{start:%Y%m%d}<DTEND>{end:%Y%m%d}\n{lines}\n</BANKTRANLIST>{balance}</{kind}></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )


def _ofx_line(move: Move, rank: int, *, comma: bool, zone: str) -> str:
    amount = (
        f"{'-' if move.cents < 0 else ''}{abs(move.cents) // 100}{',' if comma else '.'}{abs(move.cents) % 100:02d}"
    )
    day = f"{move.on:%Y%m%d}" + (f"000000{zone}" if zone else "")
    return (
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{move.fitid or rank}<NAME>{move.label}</STMTTRN>"
    )
