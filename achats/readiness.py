"""Is a purchase ready for the books, and if not, why? One small check a cause, each with its sentence.

What a person must mend makes « Pas prêt » (`is_blocking`); the rest only warns. Pure: the facts come as arguments.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from achats.duplicates.finding import Duplicate
from achats.expense_notes import says_personal
from achats.models import Document, InvoiceLine, MethodKind, PurchaseInvoice, Source
from achats.reasons import Reason
from achats.vat.reasons import vat_reasons
from firms.typography import format_day
from ledger.models import VatKind

WITH_ENTRIES_TO_COME = {VatKind.REVERSE_CHARGE, VatKind.INTRA_EU, VatKind.IMPORT}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a purchase: `namesakes` counts the suppliers that answer to its supplier's name."""

    invoice: PurchaseInvoice
    lines: Sequence[InvoiceLine]
    documents: Sequence[Document] = ()
    duplicate: Duplicate | None = None
    namesakes: int = 0
    locked_until: date | None = None
    currency: str = "EUR"


def assess(facts: Facts) -> list[Reason]:
    """Every reason of `facts`, those that make « Pas prêt » first, in the order in which one mends them."""
    found = list(chain.from_iterable(check(facts) for check in CHECKS))
    return sorted(dict.fromkeys(found), key=lambda reason: not reason.is_blocking)


def _duplicate(facts: Facts) -> Iterator[Reason]:
    if facts.duplicate:
        yield Reason("suspected_duplicate", facts.duplicate.sentence, "Doublon possible")


def _supplier(facts: Facts) -> Iterator[Reason]:
    supplier = facts.invoice.supplier
    if facts.invoice.is_unnamed:
        yield Reason("supplier_missing", "Il manque le fournisseur : lisez-le sur la pièce.", "Fournisseur")
    elif supplier is None:
        how_many = "Deux" if facts.namesakes <= 2 else "Plusieurs"
        name = facts.invoice.supplier_name
        sentence = f"{how_many} fournisseurs répondent à « {name} ». Choisissez lequel."
        yield Reason("supplier_ambiguous", sentence, "Fournisseur")
    elif not supplier.is_active:
        sentence = f"Le fournisseur « {supplier} » est inactif. Choisissez-en un autre, ou réactivez-le."
        yield Reason("supplier_inactive", sentence, "Fournisseur inactif")


def _accounts(facts: Facts) -> Iterator[Reason]:
    missing = [line for line in facts.lines if line.account is None]
    if missing:
        how_many = "d’une ligne" if len(missing) == 1 else f"de {len(missing)} lignes"
        of_which = f" {how_many} sur {len(facts.lines)}" if len(facts.lines) > 1 else ""
        sender = " Dext n’en a pas envoyé." if facts.invoice.source == Source.DEXT else ""
        yield Reason("account_missing", f"Il manque le compte de charge{of_which}.{sender}", "Compte")
    for account in [line.account for line in facts.lines if line.account]:
        if not account.is_active:
            sentence = f"Le compte {account.code} est archivé. Choisissez-en un autre."
            yield Reason("account_archived", sentence, "Compte archivé")
        elif not account.is_purchase_allowed:
            sentence = f"Le compte {account.code} n’est pas ouvert aux achats. Choisissez-en un autre."
            yield Reason("account_not_for_purchases", sentence, "Compte")


def _vat(facts: Facts) -> Iterator[Reason]:
    return vat_reasons(facts.invoice, facts.lines)


def _entry(facts: Facts) -> Iterator[Reason]:
    """What needs lines of its own in the entry (CGI art. 283, 256 bis, 1695 II) waits until the ledger writes them."""
    kinds = {line.vat_code.kind: line.vat_code for line in facts.lines if line.vat_code}
    for kind in sorted(kinds.keys() & WITH_ENTRIES_TO_COME):
        words = kinds[kind].get_kind_display()
        sentence = f"{words} : l’écriture de la TVA due n’est pas encore passée par MEG. La facture attend."
        yield Reason("entry_not_supported", sentence, words)


def _currency(facts: Facts) -> Iterator[Reason]:
    if facts.invoice.currency != facts.currency and facts.invoice.base_gross_amount is None:
        sentence = f"La facture est en {facts.invoice.currency} : il manque son total en {facts.currency}."
        yield Reason("base_amount_missing", sentence, "Devise")


def _period(facts: Facts) -> Iterator[Reason]:
    if facts.locked_until and facts.invoice.issued_on <= facts.locked_until:
        opens_on = facts.locked_until + timedelta(days=1)
        sentence = (
            f"Le {format_day(facts.invoice.issued_on)} est clos (jusqu’au {format_day(facts.locked_until)}) :"
            f" l’écriture ira au {format_day(opens_on)}, la date de la pièce reste."
        )
        yield Reason("period_closed", sentence, "Période close", is_blocking=False)


def _dates(facts: Facts) -> Iterator[Reason]:
    due_on, issued_on = facts.invoice.due_on, facts.invoice.issued_on
    if due_on and due_on < issued_on:
        sentence = f"L’échéance ({format_day(due_on)}) précède la date de la facture ({format_day(issued_on)})."
        yield Reason("due_before_date", sentence, "Échéance", is_blocking=False)


def _total(facts: Facts) -> Iterator[Reason]:
    if facts.invoice.is_total_missing:
        yield Reason("total_missing", "Il manque le total : lisez-le sur la pièce.", "Total")
    elif facts.invoice.gross_amount == 0:
        sentence = "Le total est nul : la facture est sans doute soldée par ses acomptes."
        yield Reason("zero_total", sentence, "Total nul", is_blocking=False)


def _payment(facts: Facts) -> Iterator[Reason]:
    label = facts.invoice.payment_label
    if label and facts.invoice.payment_method is None:
        sentence = f"Aucun moyen de paiement ne porte le libellé « {label} » : il est gardé comme texte."
        yield Reason("payment_method_unknown", sentence, "Paiement", is_blocking=False)
    if who_paid := _unknown_payer(facts.invoice):
        sentence = f"Aucun compte personnel ne mène à {who_paid} : choisissez son moyen de paiement, ou créez-le."
        yield Reason("personal_account_missing", sentence, "Note de frais", is_blocking=False)


def _unknown_payer(invoice: PurchaseInvoice) -> str:
    """Whose own money paid, where no account of that person is known; "" where nothing lacks."""
    method, owner = invoice.payment_method, invoice.owner_name or invoice.owner_email
    if method is None:
        return f"« {owner} »" if owner and says_personal(invoice.payment_label) else ""
    if method.kind != MethodKind.PERSONAL or method.person_account_id:
        return ""
    return f"« {method.person_name or owner or method} »"


def _documents(facts: Facts) -> Iterator[Reason]:
    if not facts.documents:
        yield _no_document(facts.invoice)
    for document in facts.documents:
        if document.rendering_error:
            sentence = f"La pièce « {document} » ne s’affiche pas : {document.rendering_error}"
            yield Reason("document_unreadable", sentence, "Pièce", is_blocking=False)


def _no_document(invoice: PurchaseInvoice) -> Reason:
    if invoice.is_document_awaited:
        return Reason("document_pending", "Le document est en cours de téléchargement.", "Pièce", is_blocking=False)
    if invoice.document_error:
        mend = "Joignez le fichier à la facture, ou envoyez-le à nouveau depuis Dext."
        sentence = f"Le document n’a pas pu être téléchargé ({invoice.document_error}). {mend}"
        return Reason("document_unreachable", sentence, "Pièce", is_blocking=False)
    return Reason("document_missing", "Aucune pièce n’est jointe.", "Pièce", is_blocking=False)


CHECKS: tuple[Callable[[Facts], Iterator[Reason]], ...] = (
    _duplicate,
    _supplier,
    _accounts,
    _vat,
    _entry,
    _currency,
    _period,
    _dates,
    _total,
    _payment,
    _documents,
)
