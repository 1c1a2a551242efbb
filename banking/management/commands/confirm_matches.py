import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from banking.matches.confirming import confirm_rows
from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code
from firms.members import who_may_write
from firms.models import Company, User


class Command(BaseCommand):
    help = "Confirme à la main les rapprochements d’un fichier au format de export_matches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", type=Path, help="une ligne JSON par rapprochement")
        parser.add_argument("--company", required=True, metavar="CODE", help="le code du dossier")
        parser.add_argument("--firm", metavar="CODE", help="le code du cabinet, si plusieurs ont ce dossier")
        parser.add_argument("--by", metavar="ADRESSE", help="qui confirme\u00a0; sinon le premier membre qui le peut")

    def handle(self, *, file: Path, company: str, firm: str | None, by: str | None, **options: object) -> None:
        try:
            found = company_by_code(code=company, firm_code=firm)
            rows = list(_rows(file))
        except (AmbiguousCompany, CompanyNotFound, OSError, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        done = confirm_rows(company=found, rows=rows, by=_person(found, by), at=timezone.now())
        for number, words in done.refused:
            self.stderr.write(f"Ligne {number}\u00a0: {words}")
        self.stdout.write(f"{done.confirmed} confirmés, {len(done.refused)} refusés.")


def _rows(file: Path) -> Iterator[tuple[int, Any]]:
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if text.strip():
            try:
                yield number, json.loads(text)
            except ValueError as error:
                raise ValueError(f"Ligne {number}\u00a0: ce n’est pas du JSON.") from error


def _person(company: Company, email: str | None) -> User:
    person = who_may_write(company, email=email)
    if person is None:
        raise CommandError("Personne de ce cabinet ne peut confirmer sous ce nom.", returncode=2)
    return person
