"""A file's pages as images that a browser shows. Pure, and run in a process of its own by `rendering`:

    python -m achats.documents.page_images SOURCE MEDIA_TYPE FOLDER    writes FOLDER/1.webp …, prints how many; exit 0
                                                             prints a French sentence; exit 1

so that a file that crashes pdfium, loops or swells takes nobody with it. pdfium is not thread-safe: one process a file.
"""

import os
import resource
import sys
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from achats.documents.media_types import HEIC, PDF, PHOTOS

MAX_PAGES = 60
LONG_SIDE = 1_600
# A till receipt is long and narrow: its width stays legible, up to this height.
NARROW_SIDE = 800
TALLEST = 8_000
MAX_SOURCE_PIXELS = 120_000_000
MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 90

DAMAGED = "le fichier est endommagé ou illisible."
LOCKED = "le fichier est protégé par un mot de passe."
TOO_BIG = "l’image est trop grande."
NOT_SHOWN = "les photographies HEIC ne s’affichent pas encore ici, ouvrez l’original."


class Unreadable(Exception):
    """The file gives no page. `str()` ends the sentence « La pièce … ne s’affiche pas : »."""


def render_pages(source: Path, media_type: str, folder: Path) -> int:
    """Write the first MAX_PAGES pages of `source` to `folder`, and tell how many (0 for XML). Raises Unreadable."""
    if media_type == HEIC:
        raise Unreadable(NOT_SHOWN)
    pages = _pdf_pages(source) if media_type == PDF else _photos(source) if media_type in PHOTOS else iter(())
    Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS
    count = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        for count, image in enumerate(islice(pages, MAX_PAGES), start=1):
            _write(image, folder / f"{count}.webp")
    return count


def scale_of(width: float, height: float) -> float:
    """By how much a page becomes LONG_SIDE long, or NARROW_SIDE wide where it is a strip."""
    long, short = max(width, height), min(width, height)
    return max(LONG_SIDE / long, min(NARROW_SIDE / short, TALLEST / long))


def _pdf_pages(source: Path) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(source)
        if not len(document):
            raise Unreadable(DAMAGED)
        document.init_forms()
        for page in document:
            width, height = page.get_size()
            yield page.render(scale=scale_of(max(width, 1), max(height, 1))).to_pil()
    except pypdfium2.PdfiumError as error:
        raise Unreadable(LOCKED if "password" in str(error).lower() else DAMAGED) from error


def _photos(source: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(source) as photo:
            frames = islice(ImageSequence.Iterator(photo), 1 if photo.format == "GIF" else MAX_PAGES)
            for frame in frames:
                if photo.format == "JPEG":
                    frame.draft("RGB", (2 * LONG_SIDE, 2 * LONG_SIDE))
                yield _shrunk(ImageOps.exif_transpose(frame))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Unreadable(TOO_BIG) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable(DAMAGED) from error


def _shrunk(image: Image.Image) -> Image.Image:
    scale = scale_of(*image.size)
    flat = _on_white(image)
    if scale >= 1:
        return flat
    return flat.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.LANCZOS
    )


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")


def _write(image: Image.Image, path: Path) -> None:
    half = path.with_suffix(f".{os.getpid()}.half")  # the same file may be rendered twice at once
    image.convert("RGB").save(half, format="WEBP", quality=80, method=4)
    half.replace(path)


def _limit_ourselves() -> None:
    """Memory and processor time, where the system counts them (Linux; macOS passes over the first)."""
    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        try:
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
        except (ValueError, OSError):
            continue


def main(source: str, media_type: str, folder: str) -> int:
    _limit_ourselves()
    try:
        sys.stdout.write(str(render_pages(Path(source), media_type, Path(folder))))
    except Unreadable as error:
        sys.stdout.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
