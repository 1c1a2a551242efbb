"""How a firm starts: with the settings that its companies will publish with."""

from django.db import IntegrityError, transaction

from dext_connector.connections.integration import defaults_of
from firms.models import Firm


class FirmCodeTaken(Exception):
    """Another firm bears this code."""


@transaction.atomic
def open_firm(*, code: str, name: str) -> Firm:
    """Create a firm and its « Paramètres du Compte Automatisés ».

    Raises FirmCodeTaken (a sentence to show), or Django's ValidationError where a field is not what it must be.
    """
    firm = Firm(code=code.strip(), name=name.strip())
    firm.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            firm.save(force_insert=True)
    except IntegrityError as error:
        raise FirmCodeTaken(f"Le code «\u00a0{firm.code}\u00a0» est déjà pris par un autre cabinet.") from error
    defaults_of(firm)
    return firm
