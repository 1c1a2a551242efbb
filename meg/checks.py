"""What production refuses to start with."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from firms.models import User

DEMONSTRATION_DOMAIN = "@demo.test"
MESSAGE = "Des utilisateurs de démonstration existent (…@demo.test) : leur mot de passe est public. Supprimez-les."


@register(Tags.database)
def no_demonstration_users(databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """Run by `migrate` and by `check --database default`."""
    if not settings.PRODUCTION or "default" not in (databases or ()):
        return []
    return [Error(MESSAGE, id="meg.E001")] if demonstration_users_exist() else []


def demonstration_users_exist() -> bool:
    """False on a database that was not migrated yet."""
    with connection.cursor() as cursor:
        if User._meta.db_table not in connection.introspection.table_names(cursor):
            return False
    return User.objects.filter(email__endswith=DEMONSTRATION_DOMAIN).exists()


def refuse_demonstration_users() -> None:
    """Called where the web server and the worker start. Raises ImproperlyConfigured."""
    if settings.PRODUCTION and demonstration_users_exist():
        raise ImproperlyConfigured(MESSAGE)
