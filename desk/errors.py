"""The page of an error of ours: its reference is in the log too."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

PLAIN = "Une erreur est survenue de notre côté. Rien n’a été enregistré. Référence : {reference}."


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request in its context: what failed may be the session or the database."""
    reference = secrets.token_hex(3).upper()
    logger.error("error %s on %s %s", reference, request.method, request.path)
    try:
        return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
    except Exception:  # what failed may be the templates themselves
        return HttpResponse(PLAIN.format(reference=reference), status=500, content_type="text/plain; charset=utf-8")
