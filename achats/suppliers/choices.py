"""Which suppliers answer to what a person types: the name or the start of a word of it, its SIREN, or its account."""

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from achats.models import Supplier, folded_supplier_name
from firms.folding import fold
from firms.models import Company

APART = " · SIREN "
# `choice_words`, as the database says them.
CHOICE_WORDS = Case(When(siren="", then=F("name")), default=Concat(F("name"), Value(APART), F("siren")))


def choice_words(supplier: Supplier) -> str:
    """« Martin · SIREN 552100554 »: two may bear the same name, and the number tells them apart."""
    return f"{supplier.name}{APART}{supplier.siren}" if supplier.siren else supplier.name


def name_of(words: str) -> str:
    """The name alone, of `choice_words`."""
    return words.partition(APART)[0]


def answering_suppliers(*, company: Company, text: str, with_inactive: bool = False) -> QuerySet[Supplier]:
    """Those in use that `text` names, the exact name first, then those it opens; all of them by name for no text."""
    rows = Supplier.objects.filter(company=company)
    rows = rows if with_inactive else rows.filter(is_active=True)
    name, _, siren = text.partition(APART)
    if siren:
        return rows.filter(siren=siren.strip()).order_by("folded_name", "pk")
    folded = folded_supplier_name(name)
    if not folded:
        return rows.order_by("folded_name", "pk")
    opens, is_it = Q(folded_name__startswith=folded), Q(folded_name=folded)
    sought = opens | Q(folded_name__contains=f" {folded}")
    if number := fold(text).replace(" ", ""):
        sought |= Q(siren__startswith=number) | Q(ledger_code__istartswith=number)
    rank = Case(When(is_it, then=0), When(opens, then=1), default=Value(2), output_field=IntegerField())
    return rows.filter(sought).annotate(rank=rank).order_by("rank", "folded_name", "pk")


def meant_suppliers(*, company: Company, text: str, with_inactive: bool = False) -> list[Supplier]:
    """Those that one means who types no more, at most four: the exact name alone where there is one."""
    found = list(answering_suppliers(company=company, text=text, with_inactive=with_inactive)[:4])
    exact = [row for row in found if row.folded_name == folded_supplier_name(text)]
    return exact or found
