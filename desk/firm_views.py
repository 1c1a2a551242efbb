"""The dashboard of a firm: what waits in each of its companies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from desk.counting import count_companies
from desk.firm_alerts import alerts_of
from desk.firm_board import AGES, DEFAULT_SORT, EVERY_COMPANY, OWN_COMPANIES, SORTS, VIEWS, FirmBoard
from desk.firm_columns import columns_sorted_by
from desk.firm_rows import company_row, counted_in_words
from firms.access import firm_page, person
from firms.models import Firm
from firms.roles import Right, grants
from firms.typography import count_of


def board_of(request: HttpRequest, firm: Firm) -> FirmBoard:
    """What the URL asks; one's own companies first, where there are. A parameter that means nothing is absent."""
    asked = request.GET
    usual = OWN_COMPANIES if firm.entrusts_some else EVERY_COMPANY
    view, sort = asked.get("vue", usual), asked.get("tri", DEFAULT_SORT)
    return FirmBoard(
        firm=firm,
        user=person(request),
        now=timezone.now(),
        view=view if view in VIEWS else usual,
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        words=asked.get("q", "").strip()[:100],
    )


@require_safe
@firm_page(Right.READ)
def firm_dashboard(request: HttpRequest, firm: Firm) -> HttpResponse:
    board, asked = board_of(request, firm), request.GET
    page = board.page(after=asked.get("apres", ""), before=asked.get("avant", ""))
    context = {
        "firm": firm,
        "board": board,
        "page": page,
        "rows": [company_row(company, now=board.now) for company in page.rows],
        "columns": columns_sorted_by(board.sort),
        "administers": grants(firm.role, Right.ADMINISTER),
    }
    return render(request, "desk/firm.html", context | told_sums(board))


def told_sums(board: FirmBoard) -> dict:
    """What the sums over the companies say around the table."""
    sums = board.sums()
    ages = [(words, sums[f"age_{place}"]) for place, words in enumerate(AGES)]
    alerts, more_alerts = alerts_of(sums, now=board.now)
    return {
        "sums": sums,
        "tabs": [(name, words, sums[f"in_{name.replace('-', '_')}"]) for name, words in VIEWS.items()],
        "ages": ages,
        "most": max(number for _, number in ages),
        "counted": counted_in_words(sums, today=timezone.localdate(board.now)),
        "alerts": alerts,
        "more_alerts": more_alerts,
    }


@require_POST
@firm_page(Right.READ)
def recount(request: HttpRequest, firm: Firm) -> HttpResponse:
    """« Recompter »: every company that one sees here, now."""
    board = board_of(request, firm)
    number = count_companies(company_ids=board.companies.values_list("pk", flat=True), at=board.now)
    messages.success(request, f"{count_of(number, 'dossier recompté', 'dossiers recomptés')}.")
    return redirect(f"{reverse('desk:firm')}?{request.GET.urlencode()}")
