"""How drf-spectacular, which walks the addresses of the API, finds what is said of each."""

from typing import Any

from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from dext_connector.description.document import OPERATIONS
from dext_connector.description.rendering import rendered


class DescribedOperation(AutoSchema):
    """What `OPERATIONS` says of the call; one that it does not name is left out, and a test fails."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> dict[str, Any] | None:
        below = path.removeprefix(path_prefix.removeprefix("^"))
        operation = OPERATIONS.get((method.upper(), below))
        return None if operation is None else rendered(operation, below)


def api_description() -> dict[str, Any]:
    """The whole OpenAPI document."""
    return SchemaGenerator().get_schema(public=True)


def api_root() -> str:
    """« /api/dext/v1/ »."""
    return reverse("dext_api:schema").removesuffix("schema/")
