from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from banking.runs.replaying import Difference, Replay
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code

STATES = {"auto": "automatique", "suggested": "suggestion"}


class Command(BaseCommand):
    help = "Reprend les décisions du moteur dans un dossier et écrit celles qui seraient autres aujourd’hui."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")

    def handle(self, *, company: str, firm: str | None, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm)
        except (AmbiguousCompany, CompanyNotFound) as error:
            raise CommandError(str(error), returncode=2) from error
        replay, different = Replay(), 0
        for difference in replay.differences(found):
            different += 1
            self.stdout.write(_in_words(difference))
        self.stdout.write(f"{replay.replayed} décisions reprises, {different} autres.")


def _in_words(difference: Difference) -> str:
    match = difference.match
    return (
        f"{match.pk} moteur {difference.version}\u00a0: {match.invoice} ↔ {match.transaction}\u00a0:"
        f" {_of(difference.before)} → {_of(difference.now)}"
    )


def _of(decided: tuple[str, int]) -> str:
    return f"{STATES[decided[0]]} ({decided[1] / 100:.2f})"
