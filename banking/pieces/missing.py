"""The bank lines that no document explains, by person and by supplier, and the monthly invoices that lack one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from achats.models import PaymentMethod, Status
from banking.matching.labels import Label, read_label
from banking.models import BankAlias, BankTransaction, Match, MatchState, RequestedLine
from banking.pieces.gaps import Told, monthly_keys
from banking.runs.facts import whole_label
from firms.models import Company
from firms.typography import MONTHS, format_money

SHOWN = 300
LOOKED_BACK = timedelta(days=190)
# A company of a million lines answers as fast as one of a thousand.
MOST_EXPLAINED = 5_000
# What the bank takes for itself, gives in cash or takes back has no invoice that a client could bring.
WITHOUT_INVOICE = {"fee", "withdrawal", "return"}
# Wages, taxes, loans and moves between one's own accounts: no supplier writes an invoice for them, nor is a client to
# read of them on a page that he may hand on.
NO_SUPPLIER = frozenset(
    [
        "SALAIRE",
        "SALAIRES",
        "PAIE",
        "PAIES",
        "URSSAF",
        "DGFIP",
        "IMPOT",
        "IMPOTS",
        "TAXE",
        "TAXES",
        "PRET",
        "PRETS",
        "EMPRUNT",
        "EMPRUNTS",
        "INTERNE",
    ]
)
NOBODY = "Sans personne"


@dataclass(frozen=True)
class MissingPiece:
    """A debit without a document; `asked` says that a link of it is still open."""

    line: BankTransaction
    label: Label
    supplier: str
    person: str
    email: str
    is_expected: bool = False
    is_asked: bool = False

    @property
    def sentence(self) -> str:
        """« Il manque la facture Orange de novembre (prélevée 42,99 € le 05/11) »."""
        day, money = self.line.booked_on, format_money(abs(self.line.amount), self.line.account.currency)
        month = MONTHS[day.month - 1]
        of = "d’" if month[0] in "ao" else "de "
        return f"Il manque la facture {self.supplier} {of}{month} (prélevée {money} le {day:%d/%m})"


@dataclass(frozen=True)
class Person:
    """Who may have the documents, with the suppliers' names and their lines."""

    name: str
    email: str
    groups: list[tuple[str, list[MissingPiece]]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(rows) for _, rows in self.groups)


def missing_lines(company: Company) -> QuerySet[BankTransaction]:
    """Debits that no match explains nor may explain, not ignored, and for which nothing came back; newest first."""
    suggested = Match.objects.filter(transaction=OuterRef("pk"), state=MatchState.SUGGESTED)
    came = RequestedLine.objects.filter(transaction=OuterRef("pk"), invoice__isnull=False)
    came = came.exclude(invoice__status=Status.CANCELLED)
    rows = BankTransaction.objects.filter(company=company, amount__lt=0).untouched()
    return rows.filter(~Exists(suggested), ~Exists(came)).select_related("account").order_by("-booked_on", "-id")


def missing_pieces(company: Company, *, at: datetime) -> list[MissingPiece]:
    """At most SHOWN lines with what is known of each at `at`: three queries, however many they are."""
    rows = missing_lines(company).annotate(is_asked=Exists(_asked(at)))[:SHOWN]
    lines = [(row, read_label(whole_label(row), row.booked_on)) for row in rows]
    kept = [(row, label) for row, label in lines if _may_have_invoice(label)]
    aliases, methods = _known(company)
    names, people = _names(aliases), _People(methods)
    expected = _expected(company, kept)
    return [
        MissingPiece(
            row,
            label,
            _name_of(row, label, names),
            *people.of(row, label),
            is_expected=(_key(row, label), _month(row.booked_on)) in expected,
            is_asked=row.is_asked,
        )
        for row, label in kept
    ]


def by_person(pieces: Sequence[MissingPiece]) -> list[Person]:
    """The lines grouped: a person with most lines first, « Sans personne » last; suppliers by name."""
    people: dict[tuple[str, str], defaultdict[str, list[MissingPiece]]] = {}
    for piece in pieces:
        people.setdefault((piece.person, piece.email), defaultdict(list))[piece.supplier].append(piece)
    told = [Person(name or NOBODY, email, sorted(groups.items())) for (name, email), groups in people.items()]
    return sorted(told, key=lambda person: (person.name == NOBODY, -person.count, person.name))


class _People:
    """Whose card or account paid: by the last four digits in the label, else by the account's one payment method."""

    def __init__(self, methods: Iterable[dict]) -> None:
        self._by_digits: dict[str, tuple[str, str]] = {}
        self._by_account: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for method in methods:
            person = (method["name"], method["email"])
            if method["last_four"]:
                self._by_digits[method["last_four"]] = person
            if method["account"]:
                self._by_account[method["account"]].add(person)

    def of(self, row: BankTransaction, label: Label) -> tuple[str, str]:
        if found := self._by_digits.get(label.last_four or row.account.last_four):
            return found
        here = self._by_account.get(str(row.account_id), set())
        return next(iter(here)) if len(here) == 1 else ("", "")


def _known(company: Company) -> tuple[list[dict], list[dict]]:
    """The company's bank aliases (`key`, `name`) and the payment methods of a person: one query."""
    aliases = BankAlias.objects.filter(company=OuterRef("pk"))
    methods = PaymentMethod.objects.filter(company=OuterRef("pk"), is_active=True).exclude(person_name="")
    whose = JSONObject(last_four="last_four", name="person_name", email="person_email", account="mapping__bank_account")
    found = Company.objects.filter(pk=company.pk).values_list(
        ArraySubquery(aliases.values(told=JSONObject(key="key", name="supplier__name"))),
        ArraySubquery(methods.values(told=whose)),
    )
    return found.get()


def _names(aliases: Iterable[dict]) -> dict[str, str]:
    """What the bank calls a supplier → the one supplier that people confirmed for it."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for alias in aliases:
        meant[alias["key"]].add(alias["name"])
    return {key: names.pop() for key, names in meant.items() if len(names) == 1}


def _may_have_invoice(label: Label) -> bool:
    return label.kind not in WITHOUT_INVOICE and NO_SUPPLIER.isdisjoint(label.words)


def _key(row: BankTransaction, label: Label) -> str:
    return row.creditor_identifier or label.creditor or label.core


def _name_of(row: BankTransaction, label: Label, names: dict[str, str]) -> str:
    known = names.get(row.creditor_identifier or label.creditor) or names.get(label.core)
    return known or label.core.capitalize() or row.label


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _expected(company: Company, kept: Sequence[tuple[BankTransaction, Label]]) -> set[tuple[str, int]]:
    """(key, month) of the lines that a monthly series lacks, from the newest explained ones of the last half year."""
    if not kept:
        return set()
    since = min(row.booked_on for row, _ in kept) - LOOKED_BACK
    live = Match.objects.live().filter(company=company, transaction__amount__lt=0, transaction__booked_on__gte=since)
    rows = BankTransaction.objects.filter(pk__in=live.values("transaction")).order_by("-booked_on", "-id")
    rows = rows.filter(company=company)[:MOST_EXPLAINED]
    explained = [Told(_key(row, read_label(whole_label(row), row.booked_on)), row.booked_on) for row in rows]
    return monthly_keys(explained, [Told(_key(row, label), row.booked_on) for row, label in kept])


def _asked(at: datetime) -> QuerySet[RequestedLine]:
    """Of a bank line: that its document is asked for by a link that still opens, and has not come."""
    rows = RequestedLine.objects.filter(transaction=OuterRef("pk"), invoice=None, request__revoked_at=None)
    return rows.filter(request__expires_at__gt=at)
