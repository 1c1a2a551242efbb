"""One table: what each exception means to a bank feed, as RFC 9457 `application/problem+json`."""

import json
import logging
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from banking.accounts.choosing import NoSuchAccount
from banking.feeds.tokens import FeedTokenRevoked, NoFeedToken, TooManyFeedCalls
from banking.imports.statement_files import StatementTooLarge

logger = logging.getLogger(__name__)
TYPE = "urn:meg:bank:"
PROBLEM = "application/problem+json"


class UnknownMediaType(Exception):
    """The body is neither a file nor a form with one."""


class NothingSent(Exception):
    """The call brings no file, or an empty one."""


class WrongParameter(Exception):
    """A parameter of the address has no such value. `str()` is a French sentence."""


@dataclass(frozen=True)
class Meaning:
    status: int
    code: str
    title: str
    message: str = ""


_LARGE = "Un relevé pèse 200 Mo au plus."
_CUT = Meaning(400, "malformed", "Requête illisible", "Le corps de la requête est illisible ou coupé.")
_AWAY = Meaning(503, "unavailable", "Service indisponible", "MEG est momentanément indisponible : réessayez.")
MEANINGS: dict[type[Exception], Meaning] = {
    NoFeedToken: Meaning(401, "token_missing", "Jeton absent", "L’appel ne porte pas de jeton que MEG connaisse."),
    FeedTokenRevoked: Meaning(403, "token_revoked", "Jeton révoqué", "Ce jeton a été révoqué : demandez-en un autre."),
    Http404: Meaning(404, "not_found", "Introuvable", "Ceci n’existe pas dans MEG, ou ce jeton ne l’ouvre pas."),
    StatementTooLarge: Meaning(413, "too_large", "Trop volumineux", _LARGE),
    RequestDataTooBig: Meaning(413, "too_large", "Trop volumineux", _LARGE),
    UnknownMediaType: Meaning(
        415,
        "unsupported_media_type",
        "Type refusé",
        "Envoyez le fichier seul, ou un formulaire avec le champ « file ».",
    ),
    NothingSent: Meaning(
        422,
        "empty",
        "Fichier absent",
        "Le fichier est absent ou vide, ou l’appel n’en dit pas la longueur (Content-Length).",
    ),
    TooManyFeedCalls: Meaning(429, "too_many_calls", "Trop d’appels"),
    WrongParameter: Meaning(422, "invalid", "Paramètre refusé"),
    NoSuchAccount: Meaning(422, "unknown_account", "Compte inconnu"),
    SuspiciousOperation: _CUT,
    UnreadablePostError: _CUT,
    MultiPartParserError: _CUT,
    OperationalError: _AWAY,
    InterfaceError: _AWAY,
    Exception: Meaning(500, "internal_error", "Erreur de MEG", "Une erreur est survenue dans MEG : réessayez."),
}


def problem_answer(error: Exception) -> HttpResponse:
    """The answer to a call that failed. A 5xx is logged."""
    meaning = next(MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS)
    if meaning.status >= 500:
        logger.exception("a bank feed's call failed", exc_info=error)
    body = {
        "type": TYPE + meaning.code,
        "title": meaning.title,
        "status": meaning.status,
        "code": meaning.code,
        "message": meaning.message or str(error),
    }
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=PROBLEM, status=meaning.status)
    if meaning.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="MEG"'
    if meaning.status in (429, 503):
        answer["Retry-After"] = str(getattr(error, "retry_after", 30))
    return answer
