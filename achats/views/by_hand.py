"""« Nouvelle facture », and the same form beside a document that came alone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from achats.by_hand.entering import complete_invoice, enter_invoice
from achats.by_hand.forms import EntryForm
from achats.changing.correcting import FieldNotEditable, InvoiceNotEditable
from achats.documents.keeping import FileTooLarge, UnknownFileType, store_document
from achats.models import PurchaseInvoice, Source
from achats.sheets.purchase import InvoicePage
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right

PAGE = "achats/entry.html"


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(Right.WRITE)
def new_invoice(request: HttpRequest, company: Company) -> HttpResponse:
    """Type an invoice, with its document or without one."""
    posted = request.method == "POST"
    form = EntryForm(request.POST if posted else None, company=company, today=timezone.localdate())
    if posted and form.is_valid() and (made := _entered(request, company, form)):
        messages.success(request, f"Facture enregistrée : {made}, {made.get_status_display().lower()}.")
        return redirect("achats:detail", company.pk, made.pk)
    return render(
        request, PAGE, {"company": company, "form": form, "purchase": None}, status=422 if form.errors else 200
    )


def _entered(request: HttpRequest, company: Company, form: EntryForm) -> PurchaseInvoice | None:
    """The invoice, or None with the refusal of its file in the form."""
    try:
        files = [(file.read(), file.name or "") for file in request.FILES.getlist("pieces")]
        documents = [store_document(company=company, data=data, filename=name) for data, name in files]
    except (UnknownFileType, FileTooLarge) as refusal:
        form.add_error(None, str(refusal))
        return None
    return enter_invoice(
        company=company, typed=form.cleaned_data, documents=documents, by=person(request), at=timezone.now()
    )


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(Right.WRITE)
def complete(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """What a document that came alone still lacks, typed beside it; then the next one that lacks something."""
    purchase = InvoicePage(company, invoice_id)
    if purchase.invoice.source == Source.DEXT:
        raise Http404("Une facture de Dext se corrige sur sa page.")
    posted, today = request.method == "POST", timezone.localdate()
    form = EntryForm(request.POST if posted else None, company=company, today=today, invoice=purchase.invoice)
    if posted and form.is_valid() and (row := _completed(request, purchase, form)):
        messages.success(request, f"Enregistré : {row}, {row.get_status_display().lower()}.")
        following = _next_to_complete(company, row) if "suivante" in request.POST else None
        return redirect(f"achats:{'complete' if following else 'detail'}", company.pk, following or row.pk)
    status = 422 if form.errors else 200
    return render(request, PAGE, {"company": company, "form": form, "purchase": purchase}, status=status)


def _completed(request: HttpRequest, purchase: InvoicePage, form: EntryForm) -> PurchaseInvoice | None:
    try:
        return complete_invoice(
            invoice=purchase.invoice, typed=form.cleaned_data, by=person(request), at=timezone.now()
        )
    except (InvoiceNotEditable, FieldNotEditable) as refusal:
        form.add_error(None, str(refusal))
        return None


def _next_to_complete(company: Company, row: PurchaseInvoice) -> UUID | None:
    lacking = PurchaseInvoice.objects.for_company(company).to_complete().exclude(pk=row.pk)
    return lacking.order_by("id").values_list("pk", flat=True).first()
