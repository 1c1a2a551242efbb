"""CAMT.053, « relevé de compte » in ISO 20022: versions 02 and 08, with or without namespace."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

from banking.statements.account import AccountKey
from banking.statements.balances import Closed, checked
from banking.statements.camt_entries import day_of, read_day, read_entry, signed_amount
from banking.statements.source import Source
from banking.statements.statement import AGAIN, Event, Statement, StatementLine, UnreadableStatement
from banking.statements.tally import Tally
from banking.statements.xml_elements import Element, stream_xml

_OTHERS: Final = {
    "BkToCstmrAcctRpt": "un relevé en cours de journée (camt.052), dont les opérations peuvent encore changer",
    "BkToCstmrDbtCdtNtfctn": "un avis d’opéré (camt.054), qui n’est pas un relevé",
}
_ROOTS: Final = frozenset({"Document", "BkToCstmrStmt", *_OTHERS})
_OPENINGS: Final = ("OPBD", "PRCD", "ITBD")
_CLOSINGS: Final = ("CLBD", "ITBD")


def stream(source: Source) -> Iterator[Event]:
    """The statements of a file, in its order, the pages of one put together. Raises UnreadableStatement, nothing else.

    A file where one opening balance + Σ booked entries is not its closing balance is refused whole.
    """
    is_empty = True
    for event in checked(_events(source)):
        is_empty = False
        yield event
    if is_empty:
        raise UnreadableStatement(f"Ligne 1 : ce fichier XML ne contient aucun relevé camt.053. {AGAIN}", 1)


@dataclass(slots=True)
class Page:
    """A statement, or one page of one, that is being read: what stands above its entries, and the entries' currencies.

    `number` is None where it is not paginated; `currency` is nothing where nothing above the entries says it;
    `currencies` maps each one to the line of its first entry.
    """

    line: int
    account: AccountKey
    currency: str
    number: int | None
    tally: Tally = field(default_factory=Tally)
    currencies: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begun(cls, element: Element) -> Self:
        number = element.get("StmtPgntn/PgNb")
        return cls(element.line, _account(element), _stated(element), int(number) if number.isdecimal() else None)

    def line_of(self, entry: Element) -> StatementLine | None:
        found = read_entry(entry)
        if found is None:
            return None
        line, currency = found
        self.currencies.setdefault(currency, line.line_number)
        return self.tally.add(line)

    def follows(self, before: "Ended") -> bool:
        """Raises UnreadableStatement where a page between the two is missing."""
        same = before.statement.account == self.account and self.currency in {"", before.statement.currency}
        if before.is_last or not same or before.number is None or self.number is None or self.number <= 1:
            return False
        if self.number != before.number + 1:
            raise UnreadableStatement(
                f"Ligne {self.line} : la page {self.number} suit la page {before.number}, il en manque. {AGAIN}",
                self.line,
            )
        return True

    def ended(self, element: Element) -> "Ended":
        currency = self._settled_currency(element)
        opening = _balance(element, _OPENINGS, currency)
        closing = _balance(element, _CLOSINGS, currency, last=True)
        statement = Statement(
            account=self.account,
            currency=currency,
            opening_on=opening[0] or _period(element, "FrDtTm", "FrDt") or self.tally.earliest,
            opening_cents=opening[1],
            closing_on=closing[0] or _period(element, "ToDtTm", "ToDt") or self.tally.latest,
            closing_cents=closing[1],
            lines=(),
            format="camt053",
        )
        return Ended(statement, self.line, self.number, element.get("StmtPgntn/LastPgInd") != "false")

    def _settled_currency(self, element: Element) -> str:
        settled = _stated(element) or next(iter(self.currencies), "EUR")
        for currency, line in self.currencies.items():
            if currency != settled:
                raise UnreadableStatement(
                    f"Ligne {line} : montant en {currency} dans un compte en {settled}. {AGAIN}", line
                )
        if Page.begun(element).account != self.account:
            raise element.refuse("le compte n’est pas dit avant les opérations")
        return settled


@dataclass(frozen=True, slots=True)
class Ended:
    """A statement without its lines, as far as its pages are read."""

    statement: Statement
    line: int
    number: int | None
    is_last: bool

    def joined(self, page: "Ended") -> "Ended":
        """With the page that follows: the end of the statement is its own."""
        last = page.statement
        if last.currency != self.statement.currency:
            raise UnreadableStatement(
                f"Ligne {page.line} : page en {last.currency} d’un relevé en {self.statement.currency}. {AGAIN}",
                page.line,
            )
        whole = replace(self.statement, closing_on=last.closing_on, closing_cents=last.closing_cents)
        return Ended(whole, self.line, page.number, page.is_last)


def _events(source: Source) -> Iterator[StatementLine | Closed]:
    """The lines of all pages of a statement, then the statement: once it is known that no page follows."""
    held: Ended | None = None
    page: Page | None = None
    for item, whole in stream_xml(source, roots=_ROOTS, wholes=frozenset({"Stmt", *_OTHERS}), item="Ntry"):
        if page is None:
            page = _begun(whole)
            if held and not page.follows(held):
                yield held.statement, held.line
                held = None
        if item is None:
            ended = page.ended(whole)
            held, page = held.joined(ended) if held else ended, None
        elif line := page.line_of(item):
            yield line
    if held:
        yield held.statement, held.line


def _begun(whole: Element) -> Page:
    if whole.name in _OTHERS:
        raise UnreadableStatement(f"Refusé : c’est {_OTHERS[whole.name]}. Téléchargez le relevé camt.053.", whole.line)
    return Page.begun(whole)


def _account(element: Element) -> AccountKey:
    if iban := element.get("Acct/Id/IBAN"):
        return AccountKey.from_iban(iban)
    other = element.get("Acct/Id/Othr/Id")
    account = AccountKey.from_ofx("", "", other)
    if not account.last_four:
        raise element.refuse("le relevé ne nomme pas son compte (IBAN ou Othr)")
    return account


def _stated(element: Element) -> str:
    return element.get("Acct/Ccy") or next((found.currency for found in element.all("Bal/Amt")), "")


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
