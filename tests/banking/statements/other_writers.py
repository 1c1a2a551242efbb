"""Small writers of CAMT.053, MT940, QIF and CSV files, so that tests read back what they wrote."""

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from tests.banking.statements.writers import Move

IBAN = "FR7630004001230001234567843"
START, END = date(2026, 10, 31), date(2026, 11, 30)


def point(cents: int) -> str:
    return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"


def comma(cents: int, *, thousands: str = "") -> str:
    whole = f"{abs(cents) // 100:,}".replace(",", thousands)
    return f"{'-' if cents < 0 else ''}{whole},{abs(cents) % 100:02d}"


def camt_balance(code: str, cents: int, on: date, currency: str = "EUR") -> str:
    sense = "DBIT" if cents < 0 else "CRDT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{point(cents)}</Amt>'
        f"<CdtDbtInd>{sense}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def camt_entry(
    move: Move, *, version: str = "08", status: str = "BOOK", details: str = "", currency: str = "EUR"
) -> str:
    sense, role = ("DBIT", "Cdtr") if move.cents < 0 else ("CRDT", "Dbtr")
    name = f"<Nm>{escape(move.label)}</Nm>"
    party = f"<{role}><Pty>{name}</Pty></{role}>" if version == "08" else f"<{role}>{name}</{role}>"
    details = details or f"<TxDtls><RltdPties>{party}</RltdPties></TxDtls>"
    return (
        f'<Ntry><Amt Ccy="{currency}">{point(move.cents)}</Amt><CdtDbtInd>{sense}</CdtDbtInd>'
        f"<Sts>{f'<Cd>{status}</Cd>' if version == '08' else status}</Sts>"
        f"<BookgDt><Dt>{move.on}</Dt></BookgDt><ValDt><DtTm>{move.on}T10:00:00+01:00</DtTm></ValDt>"
        f"<AcctSvcrRef>{move.fitid}</AcctSvcrRef><BkTxCd><Prtry><Cd>{move.code}</Cd></Prtry></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def camt_statement(
    entries: str, *, balances: str = "", account: str = f"<IBAN>{IBAN}</IBAN>", pages: str = "", currency: str = "EUR"
) -> str:
    return f"<Stmt><Id>1</Id>{pages}<Acct><Id>{account}</Id><Ccy>{currency}</Ccy></Acct>\n{balances}\n{entries}</Stmt>"


def camt(*statements: str, version: str = "08", namespace: bool = True, prefix: str = "") -> str:
    name = f"xmlns{':' + prefix if prefix else ''}" + f'="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"'
    head = f"<Document {name if namespace else ''}>"
    body = f"{head}<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>{''.join(statements)}</BkToCstmrStmt></Document>"
    if prefix:
        body = body.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:").replace(f"<{prefix}:/", "</")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'


def camt_of(
    moves: Sequence[Move], *, opening: int = 0, gap: int = 0, version: str = "08", opening_code: str = "OPBD"
) -> str:
    closing = opening + sum(move.cents for move in moves) + gap
    balances = camt_balance(opening_code, opening, START) + camt_balance("CLBD", closing, END)
    entries = "".join(camt_entry(move, version=version) for move in moves)
    return camt(camt_statement(entries, balances=balances), version=version)


def mt940_amount(cents: int) -> str:
    return comma(abs(cents))


def mt940_balance(tag: str, cents: int, on: date, currency: str = "EUR") -> str:
    return f":{tag}:{'D' if cents < 0 else 'C'}{on:%y%m%d}{currency}{mt940_amount(cents)}"


def mt940_line(move: Move, *, mark: str = "", details: str = "") -> str:
    sense = mark or ("D" if move.cents < 0 else "C")
    return (
        f":61:{move.on:%y%m%d%m%d}{sense}{mt940_amount(move.cents)}NTRFNONREF//{move.fitid or 'BQ1'}\n"
        f":86:{details or move.label}"
    )


def mt940(
    moves: Sequence[Move], *, opening: int = 0, gap: int = 0, account: str = IBAN, lines: str = "", eol: str = "\n"
) -> str:
    closing = opening + sum(move.cents for move in moves) + gap
    parts = [
        ":20:RELEVE1",
        f":25:{account}",
        ":28C:1/1",
        mt940_balance("60F", opening, START),
        *filter(None, [lines or "\n".join(map(mt940_line, moves))]),
        mt940_balance("62F", closing, END),
        "-",
    ]
    return "\n".join(parts).replace("\n", eol) + eol


def qif(moves: Sequence[Move], *, day: str = "%d/%m/%Y", kind: str = "Bank") -> str:
    records = (f"D{move.on.strftime(day)}\nT{comma(move.cents, thousands=' ')}\nP{move.label}\n^\n" for move in moves)
    return f"!Type:{kind}\n" + "".join(records)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def meg_csv(moves: Sequence[Move], *, thousands: str = "", eol: str = "\r\n") -> str:
    rows = [f"{move.on:%d/%m/%Y};{quoted(move.label)};{comma(move.cents, thousands=thousands)}" for move in moves]
    return eol.join(["Date;Libellé;Montant", *rows]) + eol


def meg_sides_csv(moves: Sequence[Move], *, opening: int | None = None, newest_first: bool = False) -> str:
    """Débit and crédit, with the balance after each line where `opening` is given."""
    rows, balance = [], opening or 0
    for move in moves:
        balance += move.cents
        sides = f"{comma(-move.cents)};" if move.cents < 0 else f";{comma(move.cents)}"
        after = f";{comma(balance)}" if opening is not None else ""
        rows.append(f"{move.on:%d/%m/%Y};{quoted(move.label)};{sides}{after}")
    head = "Date;Libellé;Débit;Crédit" + (";Solde" if opening is not None else "")
    return "\n".join([head, *(reversed(rows) if newest_first else rows)]) + "\n"
