"""The five settings, of a company and of a firm, in Dext's words; VAT codes by code."""

from dataclasses import dataclass

from dext_connector.models import Destination, FirmIntegrationDefaults, IntegrationSettings
from dext_connector.payloads import Fault
from dext_connector.serializers.reading import Reader


@dataclass(frozen=True, kw_only=True)
class SentSettings:
    """The settings as they came; a switch that did not come is None. `faults` is what cannot be read or lacks."""

    publish_destination: str
    vat_marker: str
    no_vat_marker: str
    vat_by_line: bool | None
    use_supplier_vat_rate: bool | None
    faults: tuple[Fault, ...] = ()


def read_settings(data: dict) -> SentSettings:
    faults: list[Fault] = []
    body = Reader(data, faults)
    return SentSettings(
        publish_destination=body.one_of("publish_destination", Destination.values, is_required=True),
        vat_by_line=body.optional_flag("vat_by_line"),
        use_supplier_vat_rate=body.optional_flag("use_supplier_vat_rate"),
        vat_marker=body.text("vat_marker", longest=20, is_required=True),
        no_vat_marker=body.text("no_vat_marker", longest=20, is_required=True),
        faults=tuple(faults),
    )


def settings_answer(settings: IntegrationSettings) -> dict:
    return {
        "publish_destination": settings.publish_destination or None,
        "vat_by_line": settings.vat_by_line,
        "use_supplier_vat_rate": settings.use_supplier_vat_rate,
        "vat_marker": settings.vat_marker.code if settings.vat_marker else None,
        "no_vat_marker": settings.no_vat_marker.code if settings.no_vat_marker else None,
        "updated_at": settings.updated_at.isoformat(),
    }


def defaults_answer(defaults: FirmIntegrationDefaults) -> dict:
    return {
        "firm": defaults.firm.code,
        "publish_destination": defaults.publish_destination or None,
        "vat_by_line": defaults.vat_by_line,
        "use_supplier_vat_rate": defaults.use_supplier_vat_rate,
        "vat_marker": defaults.vat_marker_code or None,
        "no_vat_marker": defaults.no_vat_marker_code or None,
        "updated_at": defaults.updated_at.isoformat(),
    }
