import time
from argparse import ArgumentParser
from datetime import datetime

from celery import current_app
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from kombu.exceptions import OperationalError

from banking.models import MatchRun
from banking.reconciliation import reconcile_company
from banking.tasks import match_company
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code
from firms.models import Company

PATIENCE_SECONDS = 600
LOOK_EVERY_SECONDS = 0.2


class Command(BaseCommand):
    help = "Rapproche les factures et les opérations bancaires d’un dossier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")
        parser.add_argument("--wait", action="store_true", help="attendre la fin, et rapprocher ici si aucun worker")

    def handle(self, *, company: str, firm: str | None, wait: bool, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm)
        except (AmbiguousCompany, CompanyNotFound) as error:
            raise CommandError(str(error), returncode=2) from error
        if not wait:
            match_company.delay(company_id=str(found.pk))
            self.stdout.write(f"Rapprochement demandé pour {found}.")
            return
        self.stdout.write(_summary(_run_and_wait(found)))


def _run_and_wait(company: Company) -> MatchRun:
    """The run that was asked for, by the worker where one answers, else in this process."""
    if not _a_worker_answers():
        return reconcile_company(company_id=company.pk, trigger="hand")
    asked_at = timezone.now()
    match_company.delay(company_id=str(company.pk))
    return _wait_for_run(company, asked_at)


def _a_worker_answers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=1.0))
    except OperationalError:
        return False


def _wait_for_run(company: Company, asked_at: datetime) -> MatchRun:
    runs = MatchRun.objects.whole().filter(company=company, started_at__gte=asked_at, finished_at__isnull=False)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        run = runs.order_by("started_at").first()
        if run:
            return run
        time.sleep(LOOK_EVERY_SECONDS)
    raise CommandError("Le worker n’a pas rapproché ce dossier en dix minutes.", returncode=1)


def _summary(run: MatchRun) -> str:
    """« 52 rapprochements automatiques · 14 suggestions »."""
    return f"{_count(run.automatic, 'rapprochement automatique')} · {_count(run.suggested, 'suggestion')}"


def _count(count: int, words: str) -> str:
    return f"{count} {words}" if count < 2 else f"{count} " + " ".join(f"{word}s" for word in words.split())
