"""« Publier »: the entry to be, and the deeds that write, take back or reverse it, on the page and in the list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from achats.books.entry_panels import panel_of
from achats.books.posting import AlreadyPosted, CannotPost, NotPosted, post_invoice, reverse_invoice, unpost_invoice
from achats.browsing.listing import Listing
from achats.browsing.surroundings import tab_counts
from achats.changing.correcting import FieldNotEditable, InvoiceNotEditable
from achats.changing.relining import LinesRefused, correct_with_lines
from achats.models import InvoiceLine, PurchaseInvoice
from achats.sheets.purchase import InvoicePage
from achats.sheets.purchase_forms import CorrectionForm
from achats.templatetags.entries import status_context
from achats.views import purchases as views
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right
from firms.typography import format_money
from ledger.books import NoFiscalYear
from ledger.posting import EntryFinal


@require_POST
@company_page()
def preview(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """The entry as the form stands, nothing stored; what cannot be read yet counts as unchanged."""
    purchase = InvoicePage(company, invoice_id)
    form = _form(purchase, request)
    lines = _applied(purchase, form) if purchase.is_open and form.is_valid() else purchase.lines
    context = {"company": company, "purchase": purchase, "invoice": purchase.invoice, "may_write": True}
    panel = panel_of(purchase.invoice, lines)
    return render(request, "achats/entry_answer.html", context | {"panel": panel})


@require_safe
@company_page()
def row_entry(request: Asked, company: Company, invoice_id: UUID) -> HttpResponse:
    """The entry to be, under its line of the list; without htmx, on its page."""
    if not request.htmx:
        return redirect(_page_of(request, company, invoice_id))
    return _row(request, company, InvoicePage(company, invoice_id))


@require_POST
@company_page(Right.WRITE)
def post(request: Asked, company: Company, invoice_id: UUID) -> HttpResponseBase:
    """« Publier »: what was typed beside it is saved first, so that the entry is the one that was seen."""
    purchase = InvoicePage(company, invoice_id)
    if "issued_on" in request.POST and purchase.is_open:
        form = _form(purchase, request)
        if not form.is_valid():
            return views.correct(request, company_id=company.pk, invoice_id=invoice_id)
        if refusal := _save(request, purchase, form):
            return refusal
    return _posted(request, company, purchase.invoice)


@require_POST
@company_page(Right.WRITE)
def unpost(request: Asked, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Annuler la publication », while its entry is a draft."""
    invoice = InvoicePage(company, invoice_id).invoice
    try:
        row = unpost_invoice(invoice=invoice, by=person(request), at=timezone.now())
    except (NotPosted, EntryFinal) as refusal:
        return _told(request, company, invoice, str(refusal), is_refused=True)
    return _told(request, company, row, f"Publication annulée : {row}, {row.get_status_display().lower()}.")


@require_POST
@company_page(Right.WRITE)
def reverse_entry(request: Asked, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Contre-passer », once its entry is final."""
    invoice = InvoicePage(company, invoice_id).invoice
    try:
        row, reversal = reverse_invoice(invoice=invoice, by=person(request), at=timezone.now())
    except (NotPosted, EntryFinal, NoFiscalYear) as refusal:
        return _told(request, company, invoice, str(refusal), is_refused=True)
    return _told(request, company, row, f"Écriture contre-passée par {reversal} : la facture est à reprendre.")


def _posted(request: Asked, company: Company, invoice: PurchaseInvoice) -> HttpResponse:
    try:
        row = post_invoice(invoice=invoice, by=person(request), at=timezone.now())
    except AlreadyPosted as refusal:
        return _told(request, company, refusal.invoice, str(refusal), is_refused=True)
    except CannotPost as refusal:
        if request.htmx:
            return _row(request, company, InvoicePage(company, invoice.pk), status=409)
        return _told(request, company, invoice, str(refusal), is_refused=True)
    money = format_money(row.base_gross_amount or row.gross_amount, company.currency)
    sentence = f"Écriture {row.entry} passée : {money}."
    if not request.htmx:
        return _go_on(request, company, row, sentence)
    return _told(request, company, row, sentence, may_be_undone=True)


def _go_on(request: HttpRequest, company: Company, row: PurchaseInvoice, sentence: str) -> HttpResponse:
    """To the next one to publish of the list from which the reader came; the last deed stays to be taken back."""
    following = Listing.from_query(company, request.GET, today=timezone.localdate()).next_to_post(row)
    if following is None:
        messages.success(request, f"{sentence} C’était la dernière à publier.")
        return redirect(_page_of(request, company, row.pk))
    messages.success(request, f"{sentence} Facture suivante\u00a0: {following}.")
    query = request.GET.copy()
    query["publiee"] = str(row.pk)
    return redirect(f"{reverse('achats:detail', args=[company.pk, following.pk])}?{query.urlencode()}")


def _told(request, company, invoice, sentence: str, *, is_refused=False, may_be_undone=False) -> HttpResponse:
    """Back to the page, or to the line of the list with the last deed and its undo."""
    if not request.htmx:
        (messages.error if is_refused else messages.success)(request, sentence)
        return redirect(_page_of(request, company, invoice.pk))
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    context = status_context(company, invoice, query=request.GET.urlencode(), is_swapped=True) | {
        "sentence": sentence,
        "may_be_undone": may_be_undone,
        "listing": listing,
        "around": {"counts": {} if listing.is_filtered else tab_counts(listing)},
        "is_gone": not listing.rows().filter(pk=invoice.pk).exists(),
    }
    return render(request, "achats/row_answer.html", context, status=409 if is_refused else 200)


def _row(request: HttpRequest, company: Company, purchase: InvoicePage, *, status: int = 200) -> HttpResponse:
    panel = panel_of(purchase.invoice, purchase.lines)
    context = {"company": company, "invoice": purchase.invoice, "panel": panel, "query": request.GET.urlencode()}
    return render(request, "achats/row_entry.html", context, status=status)


def _form(purchase: InvoicePage, request: HttpRequest) -> CorrectionForm:
    return CorrectionForm(request.POST, invoice=purchase.invoice, lines=purchase.lines, today=timezone.localdate())


def _applied(purchase: InvoicePage, form: CorrectionForm) -> list[InvoiceLine]:
    """What was typed, on the rows in memory alone; → the lines."""
    for name, value in form.changes().items():
        setattr(purchase.invoice, name, value)
    return [form.line_in_memory(wanted) for wanted in form.wanted_lines()]


def _save(request: HttpRequest, purchase: InvoicePage, form: CorrectionForm) -> HttpResponse | None:
    try:
        correct_with_lines(invoice=purchase.invoice, by=person(request), at=timezone.now(), **form.deed())
    except (InvoiceNotEditable, FieldNotEditable, LinesRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect(_page_of(request, purchase.invoice.company, purchase.invoice.pk))
    return None


def _page_of(request: HttpRequest, company: Company, invoice_id: UUID) -> str:
    """The same page, in the same list, at its entry."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse("achats:detail", args=[company.pk, invoice_id]) + query + "#ecriture"
