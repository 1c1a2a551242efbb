"""« Déposer des pièces »: drop files, see what each is, make invoices of them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from achats.by_hand.deposit_listing import waiting_deposits, with_known
from achats.by_hand.depositing import DepositsChanged, deposit_document, make_invoices, take_away
from achats.documents.keeping import FileTooLarge, UnknownFileType
from achats.models import Deposit
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right, grants
from firms.typography import NBSP

PAGE = "achats/deposit.html"


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def deposit(request: Asked, company: Company) -> HttpResponse:
    """The files that wait; a post brings some: one at a time from the script, which takes its row, or all at once."""
    may_write = grants(company.role, Right.WRITE)
    if request.method != "POST":
        return render(request, PAGE, {"company": company, "may_write": may_write, "rows": waiting_deposits(company)})
    if not may_write:
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    files = [file for file in request.FILES.getlist("pieces") if isinstance(file, UploadedFile)]
    if request.htmx:
        return _row(request, company, files)
    if not files:
        messages.error(request, "Aucun fichier n’a été choisi.")
    for file in files:
        _kept(request, company, file)
    return redirect("achats:deposit", company.pk)


def _row(request: Asked, company: Company, files: list[UploadedFile]) -> HttpResponse:
    """The row of the one file that the script sent, or its refusal."""
    try:
        found, is_new = _bring(request, company, files[0])
    except (IndexError, UnknownFileType, FileTooLarge) as refusal:
        sentence = str(refusal) if files else "Aucun fichier n’est arrivé."
        return render(request, f"{PAGE}#refused", {"company": company, "sentence": sentence}, status=422)
    context = {"company": company, "may_write": True, "row": with_known([found])[0], "was_waiting": not is_new}
    return render(request, f"{PAGE}#row", context)


def _bring(request: HttpRequest, company: Company, file: UploadedFile) -> tuple[Deposit, bool]:
    return deposit_document(
        company=company, data=file.read(), filename=file.name or "", by=person(request), at=timezone.now()
    )


def _kept(request: HttpRequest, company: Company, file: UploadedFile) -> None:
    """One of many, with a sentence where it is refused or waited already; it does not stop the others."""
    try:
        _, is_new = _bring(request, company, file)
    except (UnknownFileType, FileTooLarge) as refusal:
        messages.error(request, str(refusal))
    else:
        if not is_new:
            messages.info(request, f"« {file.name} » attendait déjà sa facture : il n’est là qu’une fois.")


@require_POST
@company_page(Right.WRITE)
def make(request: HttpRequest, company: Company) -> HttpResponse:
    """« Créer N factures », or « Retirer » of those that are ticked."""
    chosen = _chosen(request.POST)
    if not chosen:
        messages.error(request, "Cochez au moins une pièce.")
        return redirect("achats:deposit", company.pk)
    deed = {"company": company, "deposit_ids": chosen, "by": person(request), "at": timezone.now()}
    try:
        return _taken_away(request, company, deed) if "retirer" in request.POST else _made(request, company, deed)
    except DepositsChanged as change:
        messages.warning(request, str(change))
        rows = waiting_deposits(company)
        return render(request, PAGE, {"company": company, "may_write": True, "rows": rows}, status=409)


def _taken_away(request: HttpRequest, company: Company, deed: dict) -> HttpResponse:
    gone = take_away(**deed)
    words = f"{len(gone)}{NBSP}pièces retirées" if len(gone) > 1 else f"« {gone[0]} » est retirée"
    messages.success(request, f"{words}. Aucune facture n’a été créée.")
    return redirect("achats:deposit", company.pk)


def _made(request: HttpRequest, company: Company, deed: dict) -> HttpResponse:
    """On to the first of them, where its fields wait beside its document."""
    made = make_invoices(**deed)
    words = f"{len(made)}{NBSP}factures créées" if len(made) > 1 else "La facture est créée"
    messages.success(request, f"{words}. À compléter : fournisseur, date, total.")
    return redirect(reverse("achats:complete", args=[company.pk, made[0].pk]))


def _chosen(data: QueryDict) -> list[UUID]:
    try:
        return [UUID(value) for value in data.getlist("piece")]
    except ValueError:
        return []
