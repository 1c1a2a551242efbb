"""The API described: for machines, and for people."""

from functools import cache
from typing import Any

from django.views.generic import TemplateView
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.calls.api import DextView
from dext_connector.calls.conditional import digest, with_etag
from dext_connector.description.schema import api_description


@cache
def described() -> tuple[str, dict[str, Any]]:
    """The document and its fingerprint, made once: it changes with the code alone."""
    document = api_description()
    return digest(document), document


class SchemaView(DextView):
    """`GET schema/`: OpenAPI 3.1, JSON unless YAML is asked for."""

    authentication_classes = []
    renderer_classes = [JSONRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer, OpenApiJsonRenderer]

    def get(self, request: Request) -> Response:
        fingerprint, document = described()
        return with_etag(request, f"{fingerprint}-{request.accepted_renderer.format}", lambda: document)


class DocsView(TemplateView):
    """`GET docs/`: the description as a page, drawn by Swagger UI from our own address."""

    template_name = "dext_connector/docs.html"
