"""The API of bank feeds: bring a statement, and ask what came of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import Message
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from banking.accounts.choosing import account_by_words
from banking.feeds.problems import NothingSent, UnknownMediaType, WrongParameter, problem_answer
from banking.feeds.tokens import FeedTokenRevoked, NoFeedToken, company_of, count_feed_call, token_of
from banking.imports.importing import bring_statement, read_soon
from banking.imports.statement_files import MAX_BYTES, StatementTooLarge
from banking.models import FeedToken, ImportState, StatementImport
from firms.addresses import client_address
from firms.models import Company

PIECE = 1024 * 1024
FORM = "multipart/form-data"
REFUSED_TYPES = {"application/json", "application/x-www-form-urlencoded", "application/pdf"}
NEEDS: dict[str, list[str]] = {ImportState.NEEDS_ACCOUNT: ["account"], ImportState.NEEDS_COLUMNS: ["columns"]}
YES = {"1", "true", "oui"}


def fed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its `company`, by the token of the call; every failure is a problem."""

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, company_id: UUID, **kwargs) -> HttpResponse:
        try:
            token = _token_of(request, at=timezone.now())
            company = company_of(token, company_id)
            if company is None:
                raise Http404
            answer = view(request, company, **kwargs)
        except Exception as error:
            answer = problem_answer(error)
        answer["Cache-Control"] = "no-store"
        return answer

    return inner


def _token_of(request: HttpRequest, *, at: datetime) -> FeedToken:
    """The token of a call, which counts it; one without a token counts for its address. Raises what both do."""
    try:
        token = token_of(request.headers.get("Authorization", ""), at=at)
    except (NoFeedToken, FeedTokenRevoked):
        count_feed_call(f"address:{client_address(request)}", at=at)
        raise
    count_feed_call(f"token:{token.pk}", at=at)
    return token


@require_POST
@fed
def bring(request: HttpRequest, company: Company) -> HttpResponse:
    """201 once the file is stored, 202 while it waits or asks; `Location` says where to come back."""
    chunks, filename = _file_of(request)
    brought = bring_statement(company=company, chunks=chunks, filename=filename, **_told(request, company))
    brought = read_soon(brought, at=timezone.now())
    answer = JsonResponse(_as_json(request, brought), status=201 if brought.state == ImportState.DONE else 202)
    answer["Location"] = _address(request, "feed_import", brought)
    return answer


@require_safe
@fed
def standing(request: HttpRequest, company: Company, import_id: UUID) -> HttpResponse:
    brought = StatementImport.objects.filter(company=company, pk=import_id).first()
    if brought is None:
        raise Http404
    return JsonResponse(_as_json(request, brought))


def _file_of(request: HttpRequest) -> tuple[Iterator[bytes], str]:
    """The pieces of the file, and its name; nothing is read of what is said to be too large."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BYTES + PIECE:
        raise StatementTooLarge("relevé")
    if request.content_type in REFUSED_TYPES:
        raise UnknownMediaType
    if request.content_type == FORM:
        file = request.FILES.get("file")
        if not file:
            raise NothingSent
        return iter(file.chunks()), file.name or "relevé"
    first = request.read(PIECE)
    if not first:
        raise NothingSent
    return _pieces(request, first), _filename(request)


def _pieces(request: HttpRequest, first: bytes) -> Iterator[bytes]:
    yield first
    yield from iter(lambda: request.read(PIECE), b"")


def _filename(request: HttpRequest) -> str:
    """Of `Content-Disposition: attachment; filename="releve.txt"`."""
    header = Message()
    header["Content-Disposition"] = request.headers.get("Content-Disposition", "")
    name = (header.get_filename() or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in name if char.isprintable()) or "relevé"


def _told(request: HttpRequest, company: Company) -> dict:
    """What the address says of the file. Raises WrongParameter or NoSuchAccount."""
    order, account = request.GET.get("date_order", ""), request.GET.get("account", "")
    if order not in ("", "dmy", "mdy"):
        raise WrongParameter("date_order est dmy ou mdy.")
    return {
        "date_order": order,
        "account": account_by_words(company=company, words=account) if account else None,
        "create_account": request.GET.get("create_account", "").lower() in YES,
    }


def _as_json(request: HttpRequest, brought: StatementImport) -> dict:
    return {
        "id": str(brought.pk),
        "state": brought.state,
        "filename": brought.filename,
        "message": brought.message,
        "line": brought.line_number,
        "added": brought.added,
        "known": brought.known,
        "needs": brought.asked.get("needs") or NEEDS.get(brought.state, []),
        "web_url": _address(request, "imports", brought).removesuffix(f"{brought.pk}/"),
    }


def _address(request: HttpRequest, name: str, brought: StatementImport) -> str:
    args = [brought.company_id, brought.pk] if name == "feed_import" else [brought.company_id]
    path = reverse(f"banking:{name}", args=args)
    return settings.BASE_URL.rstrip("/") + path if settings.BASE_URL else request.build_absolute_uri(path)
