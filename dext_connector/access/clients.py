"""The applications that may ask for access: Dext, with the addresses to which MEG sends its users back."""

from collections.abc import Collection
from secrets import token_urlsafe

from django.db import transaction
from oauth2_provider.models import Application

CLIENT_ID = "dext"
NAME = "Dext"
GRANT = {"authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE}


def dext_application() -> Application:
    """Dext's own: a public client, for its users' credentials never come with a secret; PKCE guards its codes."""
    defaults = {"name": NAME, "client_type": Application.CLIENT_PUBLIC} | GRANT
    return Application.objects.get_or_create(client_id=CLIENT_ID, defaults=defaults)[0]


@transaction.atomic
def add_return_addresses(*, addresses: Collection[str]) -> None:
    """Let Dext's users come back to these too. Raises Django's ValidationError."""
    application = Application.objects.select_for_update().get(pk=dext_application().pk)
    application.redirect_uris = " ".join(dict.fromkeys([*application.redirect_uris.split(), *addresses]))
    application.full_clean()
    application.save()


@transaction.atomic
def register_client(*, client_id: str, name: str, redirect_uris: Collection[str], is_confidential: bool = False) -> str:
    """Create the application `client_id`, or replace its name, kind and return addresses; → its new secret, or "".

    The secret of a confidential client is readable here alone: it is stored hashed. Raises Django's ValidationError.
    """
    application = Application.objects.select_for_update().filter(client_id=client_id).first()
    application = application or Application(client_id=client_id, **GRANT)
    kinds = {True: Application.CLIENT_CONFIDENTIAL, False: Application.CLIENT_PUBLIC}
    secret = token_urlsafe(48) if is_confidential else ""
    application.name, application.client_type = name, kinds[is_confidential]
    application.redirect_uris = " ".join(redirect_uris)
    if secret:
        application.client_secret = secret
    application.full_clean()
    application.save()
    return secret
