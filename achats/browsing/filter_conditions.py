"""The QuerySet that answers to each filter of the list of purchases."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from achats.browsing.searching import words_found
from achats.models import InvoiceLine, PurchaseInvoiceQuerySet

NO_ACCOUNT, WHOLE_CODE = "aucun", 8


def filtered(rows: PurchaseInvoiceQuerySet, chosen: dict) -> PurchaseInvoiceQuerySet:
    """The rows that answer to every filter of `FilterForm.chosen`."""
    rest = dict(chosen)
    if {"min", "max"} <= chosen.keys():
        rows = rows.filter(_between(rest.pop("min"), rest.pop("max")))
    for name, value in rest.items():
        rows = rows.filter(CONDITIONS[name](value))
    return rows


def _between(low: Decimal, high: Decimal) -> Q:
    """Both bounds at once, as two ranges: PostgreSQL then knows how few they hold, and reads them from the index."""
    least, most = abs(low), abs(high)
    credit_notes = Q(signed_amount__gte=-most, signed_amount__lte=-least)
    return Q(signed_amount__gte=least, signed_amount__lte=most) | credit_notes


def _from(day: date) -> Q:
    return Q(issued_on__gte=day)


def _until(day: date) -> Q:
    return Q(issued_on__lte=day)


def _at_least(amount: Decimal) -> Q:
    """Whatever its sign: a credit note of 212,40 answers to « 200 at least »."""
    return Q(signed_amount__gte=abs(amount)) | Q(signed_amount__lte=-abs(amount))


def _at_most(amount: Decimal) -> Q:
    return Q(signed_amount__lte=abs(amount), signed_amount__gte=-abs(amount))


def _account(code: str) -> Q:
    """On a line of it: a whole number, the start of one, or none at all."""
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"))
    if code == NO_ACCOUNT:
        return Q(Exists(lines.filter(account=None)))
    named = Q(account__code=code) if len(code) == WHOLE_CODE else Q(account__code__startswith=code)
    return Q(Exists(lines.filter(named, account__company=OuterRef("company"))))


def _signalled(code: str) -> Q:
    reason = [{"code": code}]
    return Q(reasons__contains=reason) | Q(warnings__contains=reason)


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "q": words_found,
    "du": _from,
    "au": _until,
    "compte": _account,
    "fournisseur": lambda pk: Q(supplier=pk),
    "paiement": lambda pk: Q(payment_method=pk),
    "signal": _signalled,
    "source": lambda source: Q(source=source),
    "min": _at_least,
    "max": _at_most,
}
