"""How often a link may be tried or used, and how much one file may weigh: whoever holds one may come."""

from django.core.files.uploadedfile import UploadedFile

from achats.documents.keeping import MAX_BYTES, FileTooLarge
from firms.signing_in import count_attempt, counter

OPENINGS_ALLOWED = 300
BRINGINGS_ALLOWED = 100


class TooManyTries(Exception):
    """The address, or the link, was used too often in a quarter of an hour. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Trop d’essais. Réessayez dans 15 minutes.")


def count_opening(address: str) -> None:
    """Count one page asked for from a network address. Raises TooManyTries."""
    if count_attempt(counter("pieces-page", address)) > OPENINGS_ALLOWED:
        raise TooManyTries


def count_bringing(address: str, token: str) -> None:
    """Count one sending, of the address and of the link. Raises TooManyTries."""
    keys = [counter("pieces-address", address), counter("pieces-link", token)]
    if max([count_attempt(key) for key in keys]) > BRINGINGS_ALLOWED:
        raise TooManyTries


def read_file(file: UploadedFile) -> tuple[bytes, str]:
    """(bytes, name); one that is too heavy is never read into memory. Raises FileTooLarge."""
    name = file.name or ""
    if (file.size or 0) > MAX_BYTES:
        raise FileTooLarge(f"Le fichier « {name} » est trop lourd : 20 Mo au plus.")
    return file.read(), name
