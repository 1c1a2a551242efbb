"""Which column of the CSV is which field, in the English and the French of Dext (once Receipt Bank). Pure.

Dext writes « Receipt ID, Type, Date, Due Date, Invoice Number, Supplier, Category, …, Tax, Total, Currency,
Tax (EUR), Total (EUR), …, Owner, Note, Description, Image ».
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from firms.folding import fold

# field: (its name on the screen, every spelling, folded)
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "external_id": ("Référence Dext", (
        "receipt id", "item id", "document id", "dext id", "dext reference", "id", "reference dext", "id du recu",
        "id recu", "id du document", "identifiant", "identifiant du recu", "identifiant de l element",
    )),
    "type": ("Type", ("type", "document type", "receipt type", "type de document")),
    "date": ("Date", ("date", "receipt date", "invoice date", "document date", "date du document", "date de facture")),
    "due_date": ("Échéance", ("due date", "date d echeance", "echeance", "date echeance")),
    "reference": ("N° de facture", (
        "invoice number", "invoice no", "document number", "document reference", "invoice reference", "reference",
        "numero de facture", "n de facture", "numero de document", "n de document", "no de facture",
    )),
    "supplier": ("Fournisseur", ("supplier", "supplier name", "vendor", "fournisseur", "nom du fournisseur")),
    "account": ("Compte", (
        "category", "account", "nominal code", "categorie", "compte", "compte de charge", "compte comptable",
    )),
    "currency": ("Devise", ("currency", "currency code", "devise", "monnaie")),
    "total": ("Total", (
        "total", "total amount", "gross", "gross amount", "montant total", "total ttc", "ttc", "montant ttc",
    )),
    "vat_amount": ("TVA", (
        "tax", "vat", "tax amount", "vat amount", "total tax", "tva", "montant tva", "montant de tva", "taxe", "taxes",
    )),
    "net": ("Total HT", (
        "net", "net amount", "subtotal", "ht", "total ht", "montant ht", "montant net", "sous total",
    )),
    "payment_method": ("Moyen de paiement", (
        "payment method", "paid by", "mode de paiement", "moyen de paiement", "methode de paiement", "paiement",
    )),
    "paid": ("Payée", ("paid", "is paid", "paid status", "payment status", "paye", "payee", "regle", "reglee")),
    "owner": ("Propriétaire", (
        "owner", "owned by", "document owner", "item owner", "user", "proprietaire", "proprietaire du document",
        "utilisateur",
    )),
    "description": ("Description", ("description", "libelle")),
    "note": ("Note", ("note", "notes", "message", "messages", "remarque")),
    "image": ("Image", (
        "image", "images", "image link", "image url", "image file", "document link", "document url", "link", "url",
        "permalink", "file", "file name", "filename", "lien", "lien de l image", "lien image", "fichier",
        "nom du fichier", "piece", "piece jointe",
    )),
}  # fmt: skip
IN_A_CURRENCY = {"total", "vat_amount", "net"}
BASE_TOTAL = "Total en devise de tenue"
REQUIRED = ("external_id", "date", "supplier", "total")
_BY_SPELLING = {spelling: name for name, (_, spellings) in FIELDS.items() for spelling in spellings}
_OF_CURRENCY = re.compile(r"^(.*?)\s*[(\[]([A-Za-z]{3}|€)[)\]]\s*$")


@dataclass(frozen=True)
class Columns:
    """`fields` maps a field to the place of its column; `unknown` are the places of the others.

    `base_currency` is the one that « Total (EUR) » names, "" where none does.
    """

    header: tuple[str, ...]
    fields: dict[str, int]
    base_currency: str = ""

    @property
    def unknown(self) -> list[int]:
        return [place for place in range(len(self.header)) if place not in self.fields.values()]

    @property
    def missing(self) -> list[str]:
        return [FIELDS[name][0] for name in REQUIRED if name not in self.fields]


def recognise(header: Sequence[str]) -> Columns:
    """The first column of a field is its own, a second one stays unknown.

    « Total (EUR) » beside a plain « Total » is the total in the company's currency; alone, it is the total.
    """
    fields: dict[str, int] = {}
    in_base: dict[str, int] = {}
    base_currency = ""
    for place, title in enumerate(header):
        bare, currency = _parted(title)
        name = _BY_SPELLING.get(fold(bare), "")
        if currency and name in IN_A_CURRENCY:
            in_base.setdefault(name, place)
            base_currency = base_currency or currency
        elif name:
            fields.setdefault(name, place)
    if "total" not in fields:
        fields = in_base | fields
    elif "total" in in_base:
        fields["base_total"] = in_base["total"]
    return Columns(tuple(header), fields, base_currency)


def _parted(title: str) -> tuple[str, str]:
    """« Total (EUR) » → (« Total », « EUR »)."""
    found = _OF_CURRENCY.match(title.strip())
    if found is None:
        return title, ""
    return found[1], "EUR" if found[2] == "€" else found[2].upper()
