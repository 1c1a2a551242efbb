"""One table: what each exception means over HTTP. RFC 9457 `application/problem+json`, its words for Dext's user.

4xx: Dext must change something. 5xx: Dext sends the same again. `message` is the exception's own sentence unless the
table has one. `is_kept`: the same Idempotency-Key answers it again.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions

from achats.changing.cancelling import InvoiceNotEditable
from achats.documents.keeping import FileTooLarge, UnknownFileType
from achats.recording import AlreadyRecorded
from dext_connector.calls.authentication import NoToken, ScopeMissing, TokenRefused
from dext_connector.calls.idempotency import AlreadyPublished, KeyMalformed, KeyReused, StillRunning
from dext_connector.calls.maintenance import UnderMaintenance
from dext_connector.calls.parsers import BodyTooLarge, MalformedBody
from dext_connector.calls.throttling import TooManyCalls
from dext_connector.calls.versions import NoVersionNamed, VersionStale
from dext_connector.connections.integration import SettingsIncomplete
from dext_connector.connections.opening import ConnectionEnded
from dext_connector.exports.unreadable import UnreadableExport
from dext_connector.paging import BadPage
from dext_connector.payloads import Fault, Refused
from dext_connector.rules.live import RuleExists
from dext_connector.serializers.answers import web_url
from dext_connector.webhooks.registering import TooManyWebhooks, WebhookExists
from firms.signing_in import TooManyAttempts, WrongCredentials

logger = logging.getLogger(__name__)
TYPE = "urn:meg:dext:"


@dataclass(frozen=True)
class Meaning:
    status: int
    code: str
    title: str
    message: str = ""
    is_retryable: bool = False
    is_kept: bool = False


_RECONNECT = "Reconnectez MEG dans Dext."
_FAULTY = Meaning(422, "invalid", "Élément à corriger", is_kept=True)
_MALFORMED = Meaning(400, "malformed", "Requête illisible", is_kept=True)
_PUBLISHED = Meaning(409, "already_published", "Déjà publiée", is_kept=True)
_UNAVAILABLE = Meaning(
    503,
    "unavailable",
    "Service indisponible",
    "MEG est momentanément indisponible\u00a0: réessayez.",
    is_retryable=True,
)
_UNREADABLE = Meaning(400, "malformed", "Requête illisible", "Le corps de la requête est illisible.")

MEANINGS: dict[type[Exception], Meaning] = {
    NoToken: Meaning(401, "token_missing", "Jeton absent", f"L’appel ne porte pas de jeton. {_RECONNECT}"),
    TokenRefused: Meaning(401, "token_refused", "Jeton refusé", f"La connexion à MEG a pris fin. {_RECONNECT}"),
    ConnectionEnded: Meaning(401, "connection_ended", "Connexion terminée"),
    WrongCredentials: Meaning(401, "invalid_credentials", "Identifiants refusés"),
    TooManyAttempts: Meaning(429, "too_many_attempts", "Trop d’essais", is_retryable=True),
    TooManyCalls: Meaning(429, "too_many_calls", "Trop d’appels", is_retryable=True),
    ScopeMissing: Meaning(403, "scope_missing", "Droit manquant", "La connexion ne donne pas ce droit à Dext."),
    PermissionDenied: Meaning(403, "forbidden", "Droit manquant", "Votre rôle dans MEG ne permet que la lecture."),
    Http404: Meaning(404, "not_found", "Introuvable", "Ceci n’existe pas dans MEG, ou vous n’y avez pas accès."),
    exceptions.MethodNotAllowed: Meaning(405, "method_not_allowed", "Méthode refusée", "Méthode HTTP refusée ici."),
    exceptions.NotAcceptable: Meaning(406, "not_acceptable", "Format refusé", "MEG ne répond qu’en JSON."),
    MalformedBody: Meaning(400, "malformed", "Requête illisible"),
    exceptions.ParseError: _UNREADABLE,
    SuspiciousOperation: _UNREADABLE,
    UnreadablePostError: _UNREADABLE,
    BodyTooLarge: Meaning(413, "too_large", "Trop volumineux"),
    RequestDataTooBig: Meaning(413, "too_large", "Trop volumineux", "Le corps de la requête est trop volumineux."),
    FileTooLarge: Meaning(413, "too_large", "Fichier trop volumineux", is_kept=True),
    UnknownFileType: Meaning(415, "unsupported_file", "Type de fichier refusé", is_kept=True),
    UnreadableExport: Meaning(422, "invalid", "Fichier illisible"),
    exceptions.UnsupportedMediaType: Meaning(
        415, "unsupported_media_type", "Type de contenu refusé", "Envoyer du JSON, ou du multipart pour un document."
    ),
    Refused: _FAULTY,
    RuleExists: Meaning(409, "rule_exists", "Règle déjà là"),
    BadPage: Meaning(422, "invalid", "Page inconnue"),
    KeyMalformed: Meaning(
        422, "invalid_idempotency_key", "Clé refusée", "Idempotency-Key\u00a0: 128 caractères ASCII au plus."
    ),
    KeyReused: Meaning(
        422,
        "idempotency_key_reused",
        "Clé déjà employée",
        "Idempotency-Key\u00a0: déjà employée pour un autre contenu.",
    ),
    StillRunning: Meaning(
        409, "still_running", "En cours", "Le même envoi est en cours\u00a0: réessayez.", is_retryable=True
    ),
    NoVersionNamed: Meaning(
        428,
        "precondition_required",
        "Version à nommer",
        "If-Match\u00a0: nommez l’ETag de la pièce telle que vous l’avez lue, pour ne rien écraser dans MEG.",
    ),
    VersionStale: Meaning(
        412,
        "version_stale",
        "Modifiée dans MEG",
        "Cette pièce a changé dans MEG depuis sa dernière lecture\u00a0: relisez-la avant de la publier à nouveau.",
    ),
    UnderMaintenance: Meaning(
        503,
        "maintenance",
        "Maintenance en cours",
        "MEG est en maintenance\u00a0: rien n’est perdu, réessayez dans quelques minutes.",
        is_retryable=True,
    ),
    AlreadyPublished: _PUBLISHED,
    AlreadyRecorded: _PUBLISHED,
    WebhookExists: Meaning(409, "webhook_exists", "Déjà enregistrée"),
    TooManyWebhooks: Meaning(409, "too_many_webhooks", "Trop de retours"),
    InvoiceNotEditable: Meaning(409, "not_editable", "Plus modifiable"),
    SettingsIncomplete: Meaning(409, "settings_incomplete", "Paramètres incomplets"),
    OperationalError: _UNAVAILABLE,
    InterfaceError: _UNAVAILABLE,
    Exception: Meaning(
        500, "internal_error", "Erreur de MEG", "Une erreur est survenue dans MEG\u00a0: réessayez.", is_retryable=True
    ),
}


def meaning_of(error: Exception) -> Meaning:
    """The row of the table; a body with a wrong JSON type is malformed rather than refused."""
    if isinstance(error, Refused) and any(fault.is_malformed for fault in error.faults):
        return _MALFORMED
    return next(MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS)


def problem_of(error: Exception, *, request_id: str, base_url: str) -> tuple[dict, Meaning]:
    """The body of the answer, with `existing` where something is there already. A 5xx is logged."""
    meaning = meaning_of(error)
    if meaning.status >= 500:
        logger.exception("Dext's call %s failed", request_id, exc_info=error)
    problem = {
        "type": TYPE + meaning.code,
        "title": meaning.title,
        "status": meaning.status,
        "code": meaning.code,
        "message": meaning.message or str(error),
        "retryable": meaning.is_retryable,
        "request_id": request_id,
        "errors": [_fault_answer(fault) for fault in getattr(error, "faults", ())],
    }
    if (existing := getattr(error, "existing", None)) is not None:
        problem["existing"] = {
            "id": str(existing.pk), "status": existing.status, "web_url": web_url(existing, base_url)
        }  # fmt: skip
    return problem, meaning


def headers_of(error: Exception, meaning: Meaning) -> dict[str, str]:
    """What a client reads before the body: when to come back, how to authenticate."""
    headers: dict[str, Any] = {}
    if meaning.is_retryable:
        headers["Retry-After"] = str(getattr(error, "retry_after", 5))
    if meaning.status == 401 and not isinstance(error, WrongCredentials):
        headers["WWW-Authenticate"] = 'Bearer realm="MEG"'
    if isinstance(error, TooManyCalls):
        headers |= error.allowance.headers
    return headers


def _fault_answer(fault: Fault) -> dict:
    return {"code": fault.code, "pointer": fault.pointer, "value": fault.value, "message": fault.message}
