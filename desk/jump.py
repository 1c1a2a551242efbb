"""« Aller à… »: what a person may go to by a few letters; nothing of a company that he may not know is ever found."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    DateField,
    DecimalField,
    F,
    Q,
    QuerySet,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from achats.browsing.searching import words_found
from achats.models import PurchaseInvoice, Supplier
from banking.models import BankAccount
from desk.jump_pages import Destination, doors
from firms.folding import fold
from firms.models import Company, User
from firms.typography import format_day, format_money

SHOWN = 6
LONGEST = 100

Group = tuple[str, list[Destination]]
# kind, id, words, detail, day, amount, currency: what each kind of row says, in one shape.
Row = tuple[str, UUID, str, str, date | None, Decimal | None, str]

_text = CharField()
_no_day = Cast(Value(None), DateField())
_no_amount = Cast(Value(None), DecimalField(max_digits=14, decimal_places=2))


def destinations(*, user: User, company: Company | None, text: str, recent: Sequence[UUID] = ()) -> list[Group]:
    """What answers to `text` in one query, by kind; without a text the `recent` companies, and the pages."""
    words = [word for word in text.split() if fold(word)]
    asked = [_companies(user, words, recent)]
    if company and words:
        asked += [_suppliers(company, words), _invoices(company, text), _accounts(company, words)]
    rows: list[Row] = list(asked[0].union(*asked[1:], all=True).order_by() if asked[1:] else asked[0])
    pages = list(doors(company=company, text=text))
    groups = [(title, [tell(company, row) for row in rows if row[0] == kind]) for kind, title, tell in KINDS]
    found = [groups[0], ("Pages", pages[:SHOWN] if words else pages), *groups[1:]]
    return [(title, some) for title, some in found if some]


def _told(rows: QuerySet, kind: str, words: Any, detail: Any, *, day: Any, amount: Any, currency: Any) -> QuerySet:
    """The first of `rows` in the one shape."""
    kept = {"told_kind": Value(kind, output_field=_text), "told_id": Cast("pk", UUIDField())}
    kept |= {"told_words": Cast(words, _text), "told_detail": Cast(detail, _text)}
    kept |= {"told_day": day, "told_amount": amount, "told_currency": Cast(currency, _text)}
    return rows.annotate(**kept).values_list(*kept)[:SHOWN]


def _nameless(rows: QuerySet, kind: str, words: Any, detail: Any) -> QuerySet:
    return _told(rows, kind, words, detail, day=_no_day, amount=_no_amount, currency=Value(""))


def _companies(user: User, words: Sequence[str], recent: Sequence[UUID]) -> QuerySet:
    rows = Company.objects.visible_to(user)
    for word in words:
        rows = rows.search(word)
    rows = (rows if words else rows.filter(pk__in=recent)).in_french_order()
    return _nameless(rows, "company", F("name"), Concat("code", Value(" · "), "firm__name", output_field=_text))


def _suppliers(company: Company, words: Sequence[str]) -> QuerySet:
    rows = Supplier.objects.filter(_every(words, lambda word: Q(folded_name__contains=fold(word))), company=company)
    return _nameless(rows.order_by("folded_name", "pk"), "supplier", F("name"), F("siren"))


def _invoices(company: Company, text: str) -> QuerySet:
    rows = PurchaseInvoice.objects.for_company(company).live().filter(words_found(text)).order_by("-issued_on", "-id")
    amount = Cast("gross_amount", DecimalField(max_digits=14, decimal_places=2))
    told = {"day": Cast("issued_on", DateField()), "amount": amount, "currency": F("currency")}
    return _told(rows, "invoice", F("supplier_name"), F("reference"), **told)


def _accounts(company: Company, words: Sequence[str]) -> QuerySet:
    def named(word: str) -> Q:
        return Q(label__unaccent__icontains=word) | Q(iban__contains=word.upper()) | Q(number__contains=word)

    rows = BankAccount.objects.filter(_every(words, lambda word: named(word) | Q(last_four=word)), company=company)
    return _nameless(rows.order_by("label", "pk"), "account", F("label"), F("last_four"))


def _every(words: Sequence[str], condition: Callable[[str], Q]) -> Q:
    found = Q()
    for word in words:
        found &= condition(word)
    return found


def _to_company(_: Company | None, row: Row) -> Destination:
    return Destination(row[2], row[3], reverse("desk:dashboard", args=[row[1]]))


def _to(name: str, detail: Callable[[Row], str]) -> Callable[[Company | None, Row], Destination]:
    def tell(company: Company | None, row: Row) -> Destination:
        return Destination(row[2], detail(row), reverse(name, args=[company.pk if company else "", row[1]]))

    return tell


def _of_invoice(row: Row) -> str:
    """« F2019-118 · 19/08/2019 · 5,76 € »."""
    parts = [row[3], format_day(row[4]), format_money(row[5], row[6])]
    return " · ".join(part for part in parts if part)


KINDS: list[tuple[str, str, Callable[[Company | None, Row], Destination]]] = [
    ("company", "Dossiers", _to_company),
    ("supplier", "Fournisseurs", _to("achats:supplier", lambda row: row[3])),
    ("invoice", "Factures", _to("achats:detail", _of_invoice)),
    ("account", "Comptes bancaires", _to("banking:transactions", lambda row: f"…{row[3]}" if row[3] else "")),
]
