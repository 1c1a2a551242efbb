"""What the review answers: the pair that changed with the counts and the sentence, or the way back to the page."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from banking.models import BankTransaction
from banking.review.deciding import Told
from banking.review.page import ReviewPage
from banking.review.pairs import Pair
from firms.roles import Right, grants


def review_context(page: ReviewPage) -> dict:
    """What `banking/review.html` shows."""
    return {
        "company": page.company,
        "review": page,
        "open_id": page.open_id,
        "may_write": grants(page.company.role, Right.WRITE),
        "alike": page.alike,
        "refusal": "",
        "offer": None,
        "is_fragment": False,
    }


def row_context(page: ReviewPage, pair: Pair, *, is_open: bool = False) -> dict:
    """What `banking/review_pair.html` shows of one pair alone."""
    return {
        "company": page.company,
        "review": page,
        "pair": pair,
        "open_id": pair.line.pk if is_open else None,
        "may_write": grants(page.company.role, Right.WRITE),
        "alike": page.alike_of([pair]),
        "refusal": "",
        "offer": None,
    }


def answered(request: HttpRequest, page: ReviewPage, line: BankTransaction, told: Told) -> HttpResponse:
    """The pair as it is now, with what it changes of the page; without htmx, back to the page at that line."""
    if not request.htmx:  # type: ignore[attr-defined] # of django-htmx's middleware
        (messages.warning if told.status >= 400 else messages.success)(request, told.sentence)
        return redirect(place_of(page, line))
    pair = page.pair_of(line)
    is_refused = told.status >= 400
    context = row_context(page, pair, is_open=pair.waits or is_refused)
    context |= {"told": told, "refusal": told.sentence if is_refused else ""}
    response = render(request, "banking/review_answer.html", context, status=told.status)
    for line_id in sorted(told.elsewhere - {line.pk}):
        trigger_client_event(response, f"refresh-{line_id}")
    return response


def place_of(page: ReviewPage, line: BankTransaction) -> str:
    """The address of the page with this line open."""
    address = reverse("banking:review", args=[page.company.pk])
    return f"{address}?{page.query}{'&' if page.query else ''}ligne={line.pk}#l-{line.pk}"


def uuids(texts: Iterable[str]) -> list[UUID]:
    """Those that are ids, each once."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
