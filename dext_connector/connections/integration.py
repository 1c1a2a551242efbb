"""The five settings of a company's integration, and the firm's defaults that a new company starts with."""

from datetime import datetime

from django.db import transaction

from dext_connector.models import FirmIntegrationDefaults, IntegrationSettings
from dext_connector.payloads import Fault, Refused
from dext_connector.serializers.settings import SentSettings
from firms.events import record_event
from firms.models import Company, Firm, User
from ledger.chart.loading import NO_VAT_MARKER, VAT_MARKER, read_vat_codes
from ledger.models import VatCode, VatCodeQuerySet

COPIED = ("publish_destination", "vat_by_line", "use_supplier_vat_rate")


class SettingsRefused(Refused):
    """The settings that came lack something, or name a VAT code that may not serve there."""


class SettingsIncomplete(Exception):
    """A publish needs the three required settings. `str()` is one French sentence that names those that lack."""

    def __init__(self, missing: list[str]) -> None:
        names = ", ".join(f"«\u00a0{name}\u00a0»" for name in missing)
        super().__init__(f"Il manque à l’intégration {names}\u00a0: renseignez-le dans ses paramètres, puis publiez.")
        self.missing = missing


def defaults_of(firm: Firm) -> FirmIntegrationDefaults:
    """« Paramètres du Compte Automatisés » of `firm`; usable ones are made where it has none."""
    codes = {"vat_marker_code": VAT_MARKER, "no_vat_marker_code": NO_VAT_MARKER}
    return FirmIntegrationDefaults.objects.get_or_create(firm=firm, defaults=codes)[0]


def settings_of(company: Company) -> IntegrationSettings:
    """The settings of `company` with their VAT codes; its firm's defaults where it never had any."""
    rows = IntegrationSettings.objects.select_related("vat_marker", "no_vat_marker")
    found = rows.filter(company=company).first() or apply_firm_defaults(company=company)
    found.company = company
    return found


@transaction.atomic
def apply_firm_defaults(*, company: Company) -> IntegrationSettings:
    """Give `company` its firm's defaults, VAT codes found by code; settings that exist are left as they are."""
    defaults = defaults_of(company.firm)
    values = {name: getattr(defaults, name) for name in COPIED}
    values["vat_marker"] = allowed_markers(company).filter(code=defaults.vat_marker_code).first()
    values["no_vat_marker"] = allowed_no_vat(company).filter(code=defaults.no_vat_marker_code).first()
    return IntegrationSettings.objects.get_or_create(company=company, defaults=values)[0]


def complete_settings(company: Company) -> IntegrationSettings:
    """The settings that a publish applies. Raises SettingsIncomplete."""
    settings = settings_of(company)
    required = {
        "Publier par défaut dans": settings.publish_destination,
        "Marqueur TVA": settings.vat_marker and settings.vat_marker.is_active,
        "Pas de TVA par défaut": settings.no_vat_marker and settings.no_vat_marker.is_active,
    }
    if missing := [name for name, value in required.items() if not value]:
        raise SettingsIncomplete(missing)
    return settings


@transaction.atomic
def update_settings(*, company: Company, sent: SentSettings, by: User, at: datetime) -> IntegrationSettings:
    """Replace the settings of `company`; a switch that did not come stays. Raises SettingsRefused: every fault."""
    marker = allowed_markers(company).filter(code=sent.vat_marker).first()
    no_vat = allowed_no_vat(company).filter(code=sent.no_vat_marker).first()
    _refuse_faults(sent, {"vat_marker": marker, "no_vat_marker": no_vat})
    settings = settings_of(company)
    settings.publish_destination, settings.vat_marker, settings.no_vat_marker = sent.publish_destination, marker, no_vat
    _set_switches(settings, sent)
    settings.save()
    record_event(company=company, kind="settings.changed", subject_id=settings.pk, by=by, at=at)
    return settings


@transaction.atomic
def update_defaults(*, firm: Firm, sent: SentSettings) -> FirmIntegrationDefaults:
    """Replace the firm's defaults, for companies created afterwards. Raises SettingsRefused, naming each fault."""
    markers, no_vat = marker_choices(firm), no_vat_choices(firm)
    _refuse_faults(sent, {"vat_marker": sent.vat_marker in markers, "no_vat_marker": sent.no_vat_marker in no_vat})
    defaults = defaults_of(firm)
    defaults.publish_destination = sent.publish_destination
    defaults.vat_marker_code, defaults.no_vat_marker_code = sent.vat_marker, sent.no_vat_marker
    _set_switches(defaults, sent)
    defaults.save()
    return defaults


def _set_switches(settings: IntegrationSettings | FirmIntegrationDefaults, sent: SentSettings) -> None:
    for name in ("vat_by_line", "use_supplier_vat_rate"):
        if (value := getattr(sent, name)) is not None:
            setattr(settings, name, value)


def _refuse_faults(sent: SentSettings, found: dict[str, object]) -> None:
    """`found` says, for each VAT code that came, whether it may serve there."""
    roles = {"vat_marker": "de marqueur TVA", "no_vat_marker": "de «\u00a0pas de TVA\u00a0»"}
    faults = list(sent.faults)
    for name, role in roles.items():
        code = getattr(sent, name)
        if code and not found[name]:
            words = (
                f"Le code TVA «\u00a0{code}\u00a0» n’existe pas ou ne peut servir {role}\u00a0: choisissez-en un autre."
            )
            faults.append(Fault(code="vat_code_not_allowed", pointer=f"/{name}", value=code, message=words))
    if faults:
        raise SettingsRefused(faults)


def marker_choices(firm: Firm) -> dict[str, str]:
    """The VAT codes, with their labels, that may be a marker in the firm's companies or in a new one."""
    return _choices(firm, "may_be_marker")


def no_vat_choices(firm: Firm) -> dict[str, str]:
    return _choices(firm, "may_be_no_vat")


def _choices(firm: Firm, allowed: str) -> dict[str, str]:
    starting = {row.code: row.label for row in read_vat_codes() if row.is_active and getattr(row, allowed)}
    own = VatCode.objects.filter(company__firm=firm, is_active=True, **{allowed: True})
    return starting | dict(own.order_by("code", "label").values_list("code", "label"))


def codes_to_offer(company: Company) -> list[VatCode]:
    """Those of `allowed_markers` and `allowed_no_vat`, by code: one query for both."""
    return list((allowed_markers(company) | allowed_no_vat(company)).order_by("code"))


def allowed_markers(company: Company) -> VatCodeQuerySet:
    return VatCode.objects.filter(company=company, is_active=True, may_be_marker=True)


def allowed_no_vat(company: Company) -> VatCodeQuerySet:
    return VatCode.objects.filter(company=company, is_active=True, may_be_no_vat=True)
