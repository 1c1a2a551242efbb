"""What a purchase shows of itself on a line: its tabs, columns, accounts and status."""

from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from achats.browsing.listing import TABS, Listing
from achats.browsing.surroundings import COUNTED_AT_MOST
from achats.models import Document, PurchaseInvoice, Status
from achats.suppliers.choices import choice_words
from firms.templatetags.french import badge, sign
from firms.typography import NOTHING, format_amount, format_count

register = template.Library()
register.filter(choice_words)

COLUMNS = (
    ("DATE", "date", "w-date"),
    ("FOURNISSEUR", "fournisseur", "w-name"),
    ("TOTAL", "total", "w-total num"),
    ("TVA", "", "w-vat num"),
    ("PAIEMENT", "", "w-payment"),
    ("RAPPRO.", "", "w-match"),
    ("COMPTE", "compte", "w-account"),
    ("NOTE", "", "w-note"),
    ("STATUT", "", "w-status"),
)
TITLES = {"RAPPRO.": "Rapprochement bancaire", "TVA": "Taxe sur la valeur ajoutée, telle que reçue"}


@dataclass(frozen=True)
class Column:
    """A head of the table: `sort` is what a click asks for, `order` how it is sorted now."""

    name: str
    css: str
    sort: str = ""
    order: str = ""
    title: str = ""


@dataclass(frozen=True)
class TabLink:
    name: str
    words: str
    count: str
    is_current: bool


@register.simple_tag
def list_columns(listing: Listing) -> list[Column]:
    """The nine columns, in the order in which Dext draws them."""
    return [_column(listing.sort, *column) for column in COLUMNS]


def _column(sort: str, name: str, key: str, css: str) -> Column:
    title = TITLES.get(name, "")
    if not key or sort.removeprefix("-") != key:
        first = "-" if key in {"date", "total"} else ""
        return Column(name, css, f"{first}{key}" if key else "", title=title)
    is_descending = sort.startswith("-")
    return Column(name, css, key if is_descending else f"-{key}", "descending" if is_descending else "ascending", title)


@register.simple_tag
def list_tabs(listing: Listing, counts: dict[str, int]) -> list[TabLink]:
    """The tabs, those of work with how many rows they hold under the filters in force."""
    return [TabLink(name, words, _count(counts.get(name)), name == listing.tab) for name, (words, _) in TABS.items()]


def _count(number: int | None) -> str:
    if number is None:
        return ""
    return f"{format_count(COUNTED_AT_MOST)}+" if number > COUNTED_AT_MOST else format_count(number)


@register.filter
def signed_total(invoice: PurchaseInvoice):
    """The total as it weighs: negative for a credit note."""
    return invoice.gross_amount * invoice.sign


@register.filter
def cents(invoice: PurchaseInvoice) -> int:
    """What it weighs in a sum, in cents of the company's currency; nothing once cancelled."""
    return 0 if invoice.status == Status.CANCELLED else int(invoice.signed_amount * 100)


@register.filter
def in_cents(amount: Decimal | None) -> str:
    """An amount in cents, for the script; empty where there is none."""
    return "" if amount is None else str(int(amount * 100))


@register.filter
def net_of(invoice: PurchaseInvoice) -> str:
    """The total without the VAT as received, « — » where none was."""
    return NOTHING if invoice.vat_amount is None else format_amount(invoice.gross_amount - invoice.vat_amount)


@register.filter
def is_open(invoice: PurchaseInvoice) -> bool:
    """Whether it may still be changed."""
    return invoice.status in {Status.NOT_READY, Status.READY}


@register.filter
def lacks_account(invoice: PurchaseInvoice) -> bool:
    return any(reason["code"] == "account_missing" for reason in invoice.reasons)


@register.filter
def signed_vat(invoice: PurchaseInvoice):
    """The VAT as received, negative for a credit note; None where none was extracted."""
    return None if invoice.vat_amount is None else invoice.vat_amount * invoice.sign


@register.filter
def signed_base(invoice: PurchaseInvoice):
    """The total in the company's currency, negative for a credit note."""
    return invoice.base_gross_amount and invoice.base_gross_amount * invoice.sign


@register.filter
def accounts_in_words(invoice: PurchaseInvoice) -> str:
    """« 62570000 Réceptions », « 3 comptes », or « — »; reads the annotation `accounts`."""
    accounts = list(dict.fromkeys(invoice.accounts))  # type: ignore[attr-defined] # annotated by `listing.shown`
    if not accounts:
        return NOTHING
    return accounts[0] if len(accounts) == 1 else f"{len(accounts)} comptes"


@register.filter
def payment_in_words(invoice: PurchaseInvoice) -> str:
    """The label as it came, else that of the payment method."""
    return invoice.payment_label or (invoice.payment_method.label if invoice.payment_method else NOTHING)


@register.filter
def first_badge(invoice: PurchaseInvoice) -> str:
    """« Pas prêt · Compte », « Pas prêt · Compte + 2 »."""
    first, *others = [reason["badge"] for reason in invoice.reasons]
    more = f" + {len(others)}" if others else ""
    return f"Pas prêt · {first}{more}"


@register.filter
def urgency(invoice: PurchaseInvoice) -> str:
    """A suspected duplicate is red, whatever else is to mend is amber."""
    return "error" if any(reason["code"] == "suspected_duplicate" for reason in invoice.reasons) else "todo"


@register.simple_tag
def status_badge(invoice: PurchaseInvoice) -> SafeString:
    """The status in one badge, without its reasons."""
    name = {
        Status.NOT_READY: urgency(invoice),
        Status.READY: "ready",
        Status.POSTED: "done",
        Status.CANCELLED: "mute",
    }[Status(invoice.status)]
    return badge(name, invoice.get_status_display())


@register.simple_tag
def reasons_button(invoice: PurchaseInvoice) -> SafeString:
    """« Pas prêt · Compte »: a button that opens the popover `motifs-<id>`."""
    name = urgency(invoice)
    return format_html(
        '<button type="button" class="badge {}" popovertarget="motifs-{}" data-peeks>{} {}</button>',
        name,
        invoice.pk,
        sign(name),
        first_badge(invoice),
    )


@register.simple_tag(takes_context=True)
def without(context: template.Context, name: str) -> str:
    """The query of this page without the parameter `name` and the page's key."""
    query = context["request"].GET.copy()
    for gone in (name, "apres", "avant"):
        query.pop(gone, None)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def page_numbers(document: Document) -> range:
    """1 … n, for the images of a document's pages."""
    return range(1, (document.page_count or 0) + 1)


@register.filter
def rate_in_words(part: dict) -> str:
    """A part of the VAT as received: « 0,16 à 5,5 % sur 2,90 »."""
    rate = str(part.get("rate") or "").rstrip("0").rstrip(".").replace(".", ",") or "0"
    amount, base = (None if part.get(key) is None else Decimal(str(part[key])) for key in ("amount", "base"))
    on = f" sur {format_amount(base)}" if base is not None else ""
    return f"{format_amount(amount)} à {rate} %{on}"


@register.filter
def fields_in_words(names: list[str]) -> str:
    """« échéance, moyen de paiement », of the names of a purchase's fields."""
    words = {field.name: str(field.verbose_name) for field in PurchaseInvoice._meta.fields}
    return ", ".join(words[name] for name in names)
