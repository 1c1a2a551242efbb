"""Which VAT code a line bears: its own, else the supplier's rule (if that setting is on), else one of the two markers.

The extracted amount is never touched: a marker only names a treatment.
"""

from datetime import date
from decimal import Decimal

from achats.models import Origin, SupplierRule
from dext_connector.models import IntegrationSettings
from ledger.models import VatCode


def choose_vat_code(
    *,
    settings: IntegrationSettings,
    named: VatCode | None,
    rule: SupplierRule | None,
    extracted: Decimal | None,
    on: date,
) -> tuple[VatCode | None, str]:
    """The code and its origin. `extracted` is the VAT amount of the line, None where none came.

    With « Afficher le taux de TVA par éléments » off the markers stand alone.
    """
    if settings.vat_by_line:
        if named is not None:
            return named, Origin.NAMED
        ruled = rule.vat_code if rule and settings.use_supplier_vat_rate else None
        if ruled is not None and ruled.is_active and ruled.is_valid_on(on):
            return ruled, Origin.RULE
    return (settings.vat_marker if extracted else settings.no_vat_marker), Origin.MARKER
