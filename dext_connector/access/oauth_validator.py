"""django-oauth-toolkit's rules with ours: consents name companies, a code or a refresh token serves once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from dext_connector.access.authorizations import CodeReused, bind_family, give_consent, holds, revoke_what_code_gave


class RefreshTokenReused(Exception):
    """Another call renewed with the same refresh token at the same moment."""


class DextValidator(OAuth2Validator):
    """What `OAUTH2_PROVIDER` names as its validator."""

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        if super().validate_code(client_id, code, client, request, *args, **kwargs):
            return True
        revoke_what_code_gave(code=code, application=client)
        return False

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Request, *args: Any, **kw: Any) -> bool:
        if not super().validate_refresh_token(refresh_token, client, request, *args, **kw):
            return False
        return holds(request.refresh_token_instance.token_family, at=timezone.now())

    def save_bearer_token(self, token: dict, request: Request, *args: Any, **kwargs: Any) -> None:
        """Two calls with one code or refresh token at the same moment: neither keeps what it gave."""
        renewed: RefreshToken | None = getattr(request, "refresh_token_instance", None)
        try:
            super().save_bearer_token(token, request, *args, **kwargs)
        except CodeReused as error:
            revoke_what_code_gave(code=request.code, application=request.client)
            raise InvalidGrantError(request=request) from error
        except RefreshTokenReused as error:
            RefreshToken.revoke_family(renewed.token_family if renewed else None)
            raise InvalidGrantError(request=request) from error

    def _save_bearer_token(self, token: dict, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.grant_type == "refresh_token":
            renewed = RefreshToken.objects.select_for_update().get(pk=request.refresh_token_instance.pk)
            if renewed.revoked is not None:
                raise RefreshTokenReused
        super()._save_bearer_token(token, request, *args, **kwargs)

    @transaction.atomic
    def _create_authorization_code(self, request: Request, code: dict, expires: datetime | None = None) -> Grant:
        grant = super()._create_authorization_code(request, code, expires)
        give_consent(
            user=request.user,
            application=request.client,
            companies=request.companies,
            code=code["code"],
            at=timezone.now(),
        )
        return grant

    def _create_refresh_token(
        self, request: Request, raw: str, access_token: AccessToken, previous: RefreshToken | None
    ) -> RefreshToken:
        refresh_token = super()._create_refresh_token(request, raw, access_token, previous)
        if previous is None:
            bind_family(code=request.code, family=refresh_token.token_family)
        return refresh_token
