"""Till receipts as pictures, so that a published item has its proof. Tills print capitals without accents."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

WIDTH, MARGIN, STEP = 560, 36, 34
PAPER, INK = "#FBFAF6", "#26282B"

# What the till printed under each starting receipt: articles, then the VAT as one or several rates.
PRINTED: dict[str, dict[str, Sequence[tuple[str, str]]]] = {
    "Franprix": {
        "articles": [("Pain complet tranche", "3,06"), ("Essuie-tout x2", "2,70")],
        "vat": [("5,50 %  HT 2,90", "0,16"), ("20,00 %  HT 2,25", "0,45")],
    },
    "Starbucks": {"articles": [("Cappuccino Tall", "4,85")], "vat": [("10,00 %  HT 4,41", "0,44")]},
    "La Folie Du Pain": {
        "articles": [("Formule midi", "9,50"), ("Boisson et dessert", "4,60")],
        "vat": [("10,00 %  HT 12,82", "1,28")],
    },
}


def receipt_file(item: Mapping[str, Any]) -> Path:
    """The picture of a receipt of the inbox, drawn once and kept beside the state."""
    path = settings.DATA_DIR / "simulator" / "receipts" / f"{_slug(item['supplier']['name'])}.png"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        name = item["supplier"]["name"]
        printed = PRINTED.get(name, {"articles": [("Articles divers", _comma(item["total"]))], "vat": []})
        draw_receipt(
            path,
            supplier=name,
            on=date.fromisoformat(item["date"]),
            articles=printed["articles"],
            vat=printed["vat"],
            total=_comma(item["total"]),
            paid_by="CB **** 1234",
        )
    return path


def draw_receipt(
    path: Path,
    *,
    supplier: str,
    on: date,
    articles: Sequence[tuple[str, str]],
    vat: Sequence[tuple[str, str]],
    total: str,
    paid_by: str,
    number: str = "",
) -> None:
    """Draw a till receipt into `path` (PNG). Amounts come as printed: « 5,76 »; `vat` pairs a rate with its amount."""
    rows: list[tuple[str, str, int]] = [(supplier, "", 40), (f"Le {on:%d/%m/%Y}", "", 24)]
    rows += [(f"Ticket {number}", "", 24)] if number else []
    rows += [("-" * 38, "", 24), *((label, amount, 24) for label, amount in articles), ("-" * 38, "", 24)]
    rows += [("TOTAL TTC EUR", total, 34), (paid_by, total, 24), ("", "", 12)]
    rows += [(f"TVA {rate}", amount, 24) for rate, amount in vat]
    rows += [("", "", 12), ("Merci de votre visite", "", 24)]
    image = Image.new("RGB", (WIDTH, 2 * MARGIN + STEP * len(rows) + 30), PAPER)
    pencil, height = ImageDraw.Draw(image), float(MARGIN)
    for left, right, size in rows:
        font = ImageFont.load_default(size)
        pencil.text((MARGIN, height), as_printed(left), font=font, fill=INK)
        pencil.text((WIDTH - MARGIN, height), right, font=font, fill=INK, anchor="ra")
        height += STEP + (size - 24)
    image.save(path, "PNG", optimize=True)


def as_printed(text: str) -> str:
    """Capitals without accents: « Épicerie » → « EPICERIE »."""
    bare = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe"))
    return "".join(char for char in bare if not unicodedata.combining(char)).upper()


def _slug(name: str) -> str:
    return "-".join(as_printed(name).lower().split())


def _comma(amount: str) -> str:
    return f"{Decimal(amount):.2f}".replace(".", ",")
