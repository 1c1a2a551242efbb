"""Tokens of logins that came before authorizations keep serving: each family gets its own."""

from datetime import timedelta

from django.db import migrations


def authorize_earlier_logins(apps, schema_editor):
    tokens = apps.get_model("oauth2_provider", "RefreshToken").objects.filter(
        revoked=None, token_family__isnull=False, access_token__isnull=False
    )
    authorizations = apps.get_model("dext_connector", "DextAuthorization").objects
    authorizations.bulk_create(
        authorizations.model(
            user_id=token.user_id,
            application_id=token.application_id,
            reaches_all_companies=True,
            token_family=token.token_family,
            given_at=token.created,
            expires_at=token.created + timedelta(days=365),
        )
        for token in tokens.iterator()
    )


class Migration(migrations.Migration):

    dependencies = [
        ("dext_connector", "0009_authorizations_and_notices"),
    ]

    operations = [
        migrations.RunPython(authorize_earlier_logins, migrations.RunPython.noop),
    ]
