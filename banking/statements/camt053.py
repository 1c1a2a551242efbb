"""CAMT.053, « relevé de compte » in ISO 20022: versions 02 and 08, with or without namespace."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from banking.statements.account import AccountKey
from banking.statements.balances import check_balance
from banking.statements.camt_entries import day_of, read_day, read_entry, signed_amount
from banking.statements.statement import AGAIN, Statement, StatementLine, UnreadableStatement
from banking.statements.xml_elements import Element, read_xml

_OTHERS: Final = {
    "BkToCstmrAcctRpt": "un relevé en cours de journée (camt.052), dont les opérations peuvent encore changer",
    "BkToCstmrDbtCdtNtfctn": "un avis d’opéré (camt.054), qui n’est pas un relevé",
}
_OPENINGS: Final = ("OPBD", "PRCD", "ITBD")
_CLOSINGS: Final = ("CLBD", "ITBD")


@dataclass(frozen=True, slots=True)
class Page:
    """A statement, or one page of one: `number` is None where it is not paginated."""

    statement: Statement
    line: int
    number: int | None
    is_last: bool


def read(data: bytes) -> list[Statement]:
    """The statements of a file, in its order. Raises UnreadableStatement, and nothing else.

    A file where one opening balance + Σ booked entries is not its closing balance is refused whole.
    """
    root, pages = read_xml(
        data, items={"Ntry": read_entry}, wholes={"Stmt": _page, **dict.fromkeys(_OTHERS, _refuse_other)}
    )
    if root not in {"Document", "BkToCstmrStmt"} or not pages:
        raise UnreadableStatement(f"Ligne 1 : ce fichier XML ne contient aucun relevé camt.053. {AGAIN}", 1)
    joined = list(_joined(pages))
    for statement, line in joined:
        check_balance(statement, line, is_alone=len(joined) == 1)
    return [statement for statement, _ in joined]


def _refuse_other(element: Element) -> None:
    raise UnreadableStatement(f"Refusé : c’est {_OTHERS[element.name]}. Téléchargez le relevé camt.053.", element.line)


def _page(element: Element) -> Page:
    entries: list[tuple[StatementLine, str]] = [item for item in element.reduced if item]
    currency = _currency(element, entries)
    lines = tuple(line for line, _ in entries)
    opening = _balance(element, _OPENINGS, currency)
    closing = _balance(element, _CLOSINGS, currency, last=True)
    days = [line.booked_on for line in lines]
    statement = Statement(
        account=_account(element),
        currency=currency,
        opening_on=opening[0] or _period(element, "FrDtTm", "FrDt") or min(days, default=None),
        opening_cents=opening[1],
        closing_on=closing[0] or _period(element, "ToDtTm", "ToDt") or max(days, default=None),
        closing_cents=closing[1],
        lines=lines,
        format="camt053",
    )
    number = element.get("StmtPgntn/PgNb")
    is_last = element.get("StmtPgntn/LastPgInd") != "false"
    return Page(statement, element.line, int(number) if number.isdecimal() else None, is_last)


def _account(element: Element) -> AccountKey:
    if iban := element.get("Acct/Id/IBAN"):
        return AccountKey.from_iban(iban)
    other = element.get("Acct/Id/Othr/Id")
    account = AccountKey.from_ofx("", "", other)
    if not account.last_four:
        raise element.refuse("le relevé ne nomme pas son compte (IBAN ou Othr)")
    return account


def _currency(element: Element, entries: Sequence[tuple[StatementLine, str]]) -> str:
    amounts = [found.currency for found in element.all("Bal/Amt")] + [currency for _, currency in entries]
    stated = element.get("Acct/Ccy") or next(iter(amounts), "EUR")
    for line, currency in entries:
        if currency != stated:
            raise UnreadableStatement(
                f"Ligne {line.line_number} : montant en {currency} dans un compte en {stated}. {AGAIN}",
                line.line_number,
            )
    return stated


def _balance(
    element: Element, codes: Sequence[str], currency: str, *, last: bool = False
) -> tuple[date | None, int | None]:
    """Day and minor units of the first kind of balance that is there; of two intermediate ones, the last closes."""
    kinds = [(balance.get("Tp/CdOrPrtry/Cd"), balance) for balance in element.all("Bal")]
    for code in codes:
        found = [balance for kind, balance in kinds if kind == code]
        if code == "ITBD" and not _is_of_side(kinds, found, last=last):
            continue
        if found:
            balance = found[-1 if last else 0]
            cents, stated = signed_amount(balance)
            if stated != currency:
                raise balance.refuse(f"solde en {stated} dans un compte en {currency}")
            return day_of(balance, "Dt"), cents
    return None, None


def _is_of_side(kinds: Sequence[tuple[str, Element]], found: Sequence[Element], *, last: bool) -> bool:
    """One intermediate balance alone is the end that no other balance gives; two are both ends."""
    codes = {kind for kind, _ in kinds}
    if len(found) > 1:
        return True
    return bool(codes & {"OPBD", "PRCD"}) if last else "CLBD" in codes


def _period(element: Element, *names: str) -> date | None:
    return read_day(element, element.get(*(f"FrToDt/{name}" for name in names)))


def _joined(pages: Sequence[Page]) -> Iterator[tuple[Statement, int]]:
    """Each statement with its line, the pages of one put together."""
    held: list[Page] = []
    for page in pages:
        if held and not _follows(held[-1], page):
            yield _one(held), held[0].line
            held = []
        held.append(page)
    if held:
        yield _one(held), held[0].line


def _follows(before: Page, page: Page) -> bool:
    """Raises UnreadableStatement where a page between the two is missing."""
    same = before.statement.account == page.statement.account and before.statement.currency == page.statement.currency
    if before.is_last or not same or before.number is None or page.number is None or page.number <= 1:
        return False
    if page.number != before.number + 1:
        raise UnreadableStatement(
            f"Ligne {page.line} : la page {page.number} suit la page {before.number}, il en manque. {AGAIN}", page.line
        )
    return True


def _one(pages: Sequence[Page]) -> Statement:
    first, last = pages[0].statement, pages[-1].statement
    return Statement(
        account=first.account,
        currency=first.currency,
        opening_on=first.opening_on,
        opening_cents=first.opening_cents,
        closing_on=last.closing_on,
        closing_cents=last.closing_cents,
        lines=tuple(line for page in pages for line in page.statement.lines),
        format=first.format,
    )
