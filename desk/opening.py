"""How a company starts: its books, its usual payment methods, its firm's Dext settings, all or nothing."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from achats.models import MethodKind, PaymentMethod
from dext_connector.connections.integration import apply_firm_defaults
from firms.events import record_event
from firms.models import Company, Firm, User
from ledger.opening import open_books

USUAL_PAYMENT_METHODS = {
    "Carte bancaire": MethodKind.CARD,
    "Virement": MethodKind.TRANSFER,
    "Prélèvement": MethodKind.DEBIT,
    "Chèque": MethodKind.CHEQUE,
    "Espèces": MethodKind.CASH,
}


class CompanyCodeTaken(Exception):
    """Another company of the firm bears this code."""


@transaction.atomic
def open_company(*, firm: Firm, code: str, name: str, siren: str = "", by: User | None = None) -> Company:
    """Create a company ready to receive purchases. `siren` is nine digits, or empty where it is not known.

    Raises CompanyCodeTaken (a sentence to show), or Django's ValidationError where a field is not what it must be.
    """
    company = Company(firm=firm, code=code.strip(), name=name.strip(), siren=siren.replace(" ", ""))
    company.full_clean(validate_unique=False, validate_constraints=False)
    insert(company)
    equip_company(company=company, by=by)
    return company


@transaction.atomic
def equip_company(*, company: Company, by: User | None = None) -> None:
    """Give a company that was just saved all that it needs to receive purchases; the admin saves by itself."""
    open_books(company=company, today=timezone.localdate())
    PaymentMethod.objects.bulk_create(
        PaymentMethod(company=company, label=label, kind=kind) for label, kind in USUAL_PAYMENT_METHODS.items()
    )
    apply_firm_defaults(company=company)
    record_event(company=company, kind="company.opened", subject_id=company.pk, by=by)


def insert(company: Company) -> None:
    """Save a new company; of two at the same moment the constraint lets one through."""
    try:
        with transaction.atomic():
            company.save(force_insert=True)
    except IntegrityError as error:
        if "company_code_unique_in_firm" not in str(error):
            raise
        raise CompanyCodeTaken(f"Le code «\u00a0{company.code}\u00a0» est déjà pris dans ce cabinet.") from error
