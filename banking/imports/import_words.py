"""What is said of an import in a sentence."""

from django.contrib.messages import constants

from banking.imports.withdrawing import Withdrawn
from banking.models import ImportState, StatementImport
from firms.typography import format_count

WAITS = "La lecture commence : vous pouvez quitter la page, l’import continue."
LEVELS = {ImportState.DONE: constants.SUCCESS, ImportState.REFUSED: constants.ERROR}
LEVELS |= {ImportState.WAITING: constants.INFO, ImportState.READING: constants.INFO}


def level_of(brought: StatementImport) -> int:
    """The level of the message: what asks something is a warning."""
    return LEVELS.get(ImportState(brought.state), constants.WARNING)


def came_of(brought: StatementImport) -> str:
    """« 64 lignes nouvelles. 12 lignes déjà connues n’ont pas été doublées. »"""
    if brought.is_under_way:
        return WAITS
    if brought.state != ImportState.DONE:
        return asked_of(brought)
    if not brought.added:
        return brought.message or "Aucune ligne nouvelle."
    added = f"{format_count(brought.added)} {'ligne nouvelle' if brought.added == 1 else 'lignes nouvelles'}"
    one = brought.known == 1
    known = f" {format_count(brought.known)} {'ligne déjà connue n’a' if one else 'lignes déjà connues n’ont'} pas été "
    known += "doublée." if one else "doublées."
    return f"{added}.{known if brought.known else ''} {brought.message}".strip()


def asked_of(brought: StatementImport) -> str:
    """What the page asks, rather than the words of the command."""
    if brought.state == ImportState.NEEDS_TELLING:
        needs = brought.asked.get("needs", ())
        words = [
            "à quel compte il appartient" if need == "account" else "si le jour ou le mois vient d’abord"
            for need in needs
        ]
        hint = brought.asked.get("hint")
        shown = f" Le fichier en montre « {hint} »." if hint else ""
        return f"Le fichier ne dit pas {' ni '.join(words)}. Indiquez-le.{shown}"
    if brought.state == ImportState.NEEDS_COLUMNS:
        return "Colonnes inconnues. Dites une fois ce que chacune contient."
    if brought.state == ImportState.NEEDS_ACCOUNT:
        return f"Le dossier n’a pas ce compte{of_account(brought)}. Créez-le, ou choisissez celui que vous connaissez."
    return brought.message


def of_account(brought: StatementImport) -> str:
    account = brought.asked.get("account", {})
    words = account.get("iban") or account.get("number") or account.get("card")
    return f" « {words} »" if words else ""


def to_withdraw(*, removed: int, kept: int) -> str:
    """« Annuler cet import : 61 lignes retirées, 3 rapprochées restent. »"""
    return f"Annuler cet import : {_counts(removed, kept)}"


def undone(gone: Withdrawn) -> str:
    return f"Import annulé : {_counts(gone.removed, gone.kept)}"


def _counts(removed: int, kept: int) -> str:
    gone = f"{format_count(removed)} {'ligne retirée' if removed < 2 else 'lignes retirées'}"
    if not kept:
        return f"{gone}."
    return f"{gone}, {format_count(kept)} {'rapprochée reste' if kept < 2 else 'rapprochées restent'}."
