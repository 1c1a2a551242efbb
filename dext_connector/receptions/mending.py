"""Is the cause of a refusal mended, so that it may be replayed from MEG; if not, what still blocks?"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from achats.documents.keeping import FileTooLarge, UnknownFileType, check_document
from achats.models import PurchaseInvoice, Source
from dext_connector.calls.idempotency import AlreadyPublished
from dext_connector.connections.integration import SettingsIncomplete, complete_settings
from dext_connector.connections.opening import ConnectionEnded, check_open
from dext_connector.items.consistency import faults_of
from dext_connector.models import DextConnection, Fate, InboxItem
from dext_connector.payloads import Fault, Refused
from dext_connector.receptions.kept_files import kept_bytes
from dext_connector.resolving import resolve
from dext_connector.serializers.items import read_item

# What a publish may be refused for, each with one French sentence.
REFUSALS = (Refused, SettingsIncomplete, ConnectionEnded, AlreadyPublished, UnknownFileType, FileTooLarge)
UNREADABLE = "Ce qui est arrivé n’est pas lisible\u00a0: publiez-le de nouveau depuis Dext."
NOTHING_LEFT = "Plus rien ne s’y oppose"
PASSED = "L’incident est passé"
MENDED = {
    "unknown_account": "Le compte {} existe maintenant",
    "archived_account": "Le compte {} est de nouveau actif",
    "account_not_for_purchases": "Le compte {} est ouvert aux achats",
    "unknown_vat_code": "Le code TVA {} existe maintenant",
    "archived_vat_code": "Le code TVA {} est de nouveau actif",
    "vat_code_not_valid": "Le code TVA {} est valable à cette date",
    "unknown_payment_method": "Le moyen de paiement est de nouveau actif",
    "unknown_supplier": "Le fournisseur est de nouveau actif",
    "settings_incomplete": "Les paramètres de l’intégration sont complets",
    "connection_ended": "La connexion à Dext est rétablie",
    "already_published": "La publication précédente est annulée",
    "forbidden": "Vous avez le droit de publier",
    "scope_missing": "Vous avez le droit de publier",
    "too_many_calls": PASSED,
    "still_running": PASSED,
    "unavailable": PASSED,
    "internal_error": PASSED,
}


@dataclass(frozen=True)
class Mend:
    """`blocks`: the sentences of what still stands in the way; `mended`: what no longer does, in one sentence."""

    blocks: tuple[str, ...] = ()
    mended: str = ""

    @property
    def is_possible(self) -> bool:
        return not self.blocks


def mend_of(reception: InboxItem, *, at: datetime) -> Mend | None:
    """Whether `reception` may be replayed at `at`: at most eight queries, nothing is written.

    None where nothing waits: it was no refusal, or the same reference was published since (`with_what_followed`).
    """
    if reception.fate not in (Fate.REFUSED, Fate.FAILED) or reception.is_overtaken:
        return None
    if reception.payload is None:
        return Mend((UNREADABLE,))
    try:
        faults = _check(reception, at)
    except REFUSALS as error:
        return Mend((str(error),))
    if faults:
        return Mend(tuple(dict.fromkeys(fault.message for fault in faults)))
    return Mend(mended=f"{_in_words(reception.answer)}\u00a0: rejouer.")


def _check(reception: InboxItem, at: datetime) -> list[Fault]:
    """What `publish_item` would say, without recording. Raises REFUSALS."""
    company = reception.company
    live = PurchaseInvoice.objects.for_company(company).live().filter(source=Source.DEXT)
    if existing := live.filter(external_id=reception.external_id).exclude(external_id="").first():
        raise AlreadyPublished(existing)
    if connection := DextConnection.objects.filter(company=company).first():
        check_open(connection, at)
    complete_settings(company)
    if reception.answer.get("code") in ("unsupported_file", "too_large"):
        check_document(data=kept_bytes(reception) or b"", filename=reception.document_name)
    item = read_item(reception.payload or {})
    return [*item.faults, *faults_of(item, today=timezone.localdate(at)), *resolve(company=company, item=item)[1]]


def _in_words(answer: dict) -> str:
    """« Le compte 62570000 est de nouveau actif », from the problem that was answered."""
    faults = answer.get("errors") or [{"code": answer.get("code", ""), "value": None}]
    told = [MENDED[fault["code"]].format(fault["value"]) for fault in faults if fault["code"] in MENDED]
    return ". ".join(dict.fromkeys(told)) or NOTHING_LEFT
