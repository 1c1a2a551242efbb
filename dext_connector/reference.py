"""What the reference lists of a company show, and the version of each: a change of one is a change of the other."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONArray

from achats.models import PaymentMethod, Supplier, SupplierAlias, SupplierRule
from dext_connector.calls.conditional import Shown, digest, fingerprint_of, fingerprints
from dext_connector.models import Destination, IntegrationSettings
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
_RULE = ("account__code", "vat_code__code", "payment_method__label", "due_days", "description", "is_paid")
_ALIASES = SupplierAlias.objects.filter(supplier=OuterRef("pk")).order_by("name", "pk")
SUPPLIERS: Shown = (
    "id", "name", "siren", "vat_number", "ledger_code", "is_active", *(f"rule__{name}" for name in _RULE),
    ArraySubquery(_ALIASES.values("name")),
)  # fmt: skip
SUPPLIER_RULES: Shown = ("id", "supplier", "supplier__name", "payment_method", *_RULE)
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
    return versions_by_company([company.pk])[company.pk]


def versions_by_company(ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """The versions of each of these companies: as many queries for all of them as for one."""
    found = {name: fingerprints(_rows(model, ids), shown) for name, (model, shown) in LISTS.items()}
    settings = {row.company_id: digest(_shown_settings(row)) for row in _rows(IntegrationSettings, ids)}
    constant, none = digest(destinations()), fingerprint_of(0, None)
    return {
        company_id: {"destinations": constant}
        | {name: versions.get(company_id, none) for name, versions in found.items()}
        | {"settings": settings.get(company_id, none)}
        for company_id in ids
    }


def _rows(model: type[Model], ids: Collection[UUID]) -> QuerySet[Any]:
    rows = model._default_manager.filter(company__in=ids)
    return rows.select_related("vat_marker", "no_vat_marker") if model is IntegrationSettings else rows


def _shown_settings(settings: IntegrationSettings) -> dict:
    return {name: value for name, value in settings_answer(settings).items() if name != "updated_at"}
