"""What the reference lists of a company show, and the version of each: a change of one is a change of the other."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef
from django.db.models.functions import JSONArray

from achats.models import PaymentMethod, Supplier, SupplierRule
from dext_connector.conditional import Shown, digest, rows_fingerprint
from dext_connector.integration import settings_of
from dext_connector.models import Destination
from dext_connector.serializers.settings import settings_answer
from firms.models import Company
from ledger.models import Account, FiscalYear, VatCode

ACCOUNTS: Shown = ("code", "label", "is_active", "is_purchase_allowed", "default_vat_code__code")
VAT_CODES: Shown = (
    "code", "label", "rate", "kind", "deductible_percent", "is_active", "may_be_marker", "may_be_no_vat",
    "valid_from", "valid_until",
)  # fmt: skip
PAYMENT_METHODS: Shown = (
    "id", "label", "last_four", "kind", "is_active", "person_name", "person_email", "person_account__code",
    "mapping__bank_account", "mapping__bank_account__label", "mapping__bank_account__last_four",
)  # fmt: skip
SUPPLIERS: Shown = (
    "id", "name", "siren", "vat_number", "ledger_code", "is_active", "rule__account__code", "rule__vat_code__code",
)  # fmt: skip
SUPPLIER_RULES: Shown = (
    "id", "supplier", "account__code", "vat_code__code", "payment_method", "due_days", "description", "is_paid",
)  # fmt: skip
BANK_TRANSACTIONS: Shown = (
    "id", "booked_on", "label", "amount", "account", "account__label", "account__last_four", "account__currency",
)  # fmt: skip
_YEARS = FiscalYear.objects.filter(company=OuterRef("pk")).order_by("starts_on")
COMPANIES: Shown = (
    "id", "code", "name", "siren", "firm__code", "currency", "bookkeeping__accounting_mode",
    "bookkeeping__locked_until", "dext_connection__disconnected_at", "dext_connection__expires_at",
    ArraySubquery(_YEARS.annotate(year=JSONArray("starts_on", "ends_on")).values("year")),
)  # fmt: skip

# One row a list of `reference/version/`, with the columns that its answer shows.
LISTS: dict[str, tuple[type[Model], Shown]] = {
    "accounts": (Account, ACCOUNTS),
    "vat_codes": (VatCode, VAT_CODES),
    "suppliers": (Supplier, SUPPLIERS),
    "payment_methods": (PaymentMethod, PAYMENT_METHODS),
    "supplier_rules": (SupplierRule, SUPPLIER_RULES),
}


def destinations() -> list[dict]:
    return [{"code": code, "label": label} for code, label in Destination.choices]


def versions_of(company: Company) -> dict[str, str]:
    """The version of each list and of the settings; it changes if and only if what is answered does."""
    versions = {
        name: rows_fingerprint(model._default_manager.filter(company=company), shown)
        for name, (model, shown) in LISTS.items()
    }
    settings = {name: value for name, value in settings_answer(settings_of(company)).items() if name != "updated_at"}
    return {"destinations": digest(destinations())} | versions | {"settings": digest(settings)}
