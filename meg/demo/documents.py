"""The papers of the demonstration: invoices as PDF, till receipts as pictures. The same data gives the same bytes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dext_connector.simulator.receipts import draw_receipt
from meg.demo.items import Purchase

NBSP = "\u00a0"
CUSTOMER = ("Boulangerie Martin", "Dossier de démonstration")
TITLES = {"invoice": "FACTURE", "credit_note": "AVOIR", "receipt": "TICKET"}
LEFT, RIGHT = 20 * mm, 190 * mm
TILL_NUMBER = "0417"


def write_document(purchase: Purchase, folder: Path) -> Path | None:
    """Draw the paper of a purchase into `folder`; None for one that came without."""
    name = purchase.item["external_id"]
    if purchase.paper == "pdf":
        return _write_pdf(purchase, folder / f"{name}.pdf")
    if purchase.paper == "till":
        return _write_till_receipt(purchase, folder / f"{name}.png")
    return None


def _write_till_receipt(purchase: Purchase, path: Path) -> Path:
    item = purchase.item
    articles = [(line["label"], comma(line["total"])) for line in item.get("lines") or ()]
    draw_receipt(
        path,
        supplier=item["supplier"]["name"],
        on=date.fromisoformat(item["date"]),
        articles=articles or [(purchase.what, comma(item["total"]))],
        vat=[(f"{comma(part['rate'])} %  HT {comma(part['base'])}", comma(part["amount"])) for part in parts_of(item)],
        total=comma(item["total"]),
        paid_by=_paid_by(item),
        number=item.get("reference") or TILL_NUMBER,
    )
    return path


def _paid_by(item: Mapping[str, Any]) -> str:
    label = (item.get("payment_method") or {}).get("label", "")
    digits = label.partition("(")[2].rstrip(")")
    return f"CB **** {digits}" if digits else "ESPECES" if label == "Espèces" else "CARTE BANCAIRE"


def _write_pdf(purchase: Purchase, path: Path) -> Path:
    _register_fonts()
    item = purchase.item
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setTitle(
        f"{TITLES[item['type']].capitalize()} {item['supplier']['name']} {item.get('reference', '')}".strip()
    )
    height = _draw_head(canvas, item)
    height = _draw_table(canvas, purchase, height)
    _draw_totals(canvas, item, height)
    canvas.showPage()
    canvas.save()
    return path


def _draw_head(canvas: Canvas, item: Mapping[str, Any]) -> float:
    """The supplier, the customer, the number and the dates; → the height below them."""
    supplier = item["supplier"]
    _text(canvas, LEFT, 270 * mm, supplier["name"], size=18, bold=True)
    _text(
        canvas, LEFT, 263 * mm, f"SIREN {supplier['siren']}" if supplier.get("siren") else "Document de démonstration"
    )
    _text(canvas, RIGHT, 270 * mm, TITLES[item["type"]], size=18, bold=True, right=True)
    for rank, line in enumerate(_facts(item)):
        _text(canvas, RIGHT, (262 - 6 * rank) * mm, line, right=True)
    for rank, line in enumerate(CUSTOMER):
        _text(canvas, LEFT, (240 - 6 * rank) * mm, line, bold=not rank)
    return 215 * mm


def _facts(item: Mapping[str, Any]) -> Iterator[str]:
    if item.get("reference"):
        yield f"N° {item['reference']}"
    yield f"Date{NBSP}: {day(item['date'])}"
    if item.get("due_date"):
        yield f"Échéance{NBSP}: {day(item['due_date'])}"
    if item.get("credited_reference"):
        yield f"Facture créditée{NBSP}: {item['credited_reference']}"


def _draw_table(canvas: Canvas, purchase: Purchase, height: float) -> float:
    _rule(canvas, height + 5 * mm)
    _text(canvas, LEFT, height, "Désignation", bold=True)
    _text(canvas, RIGHT, height, "Montant TTC", bold=True, right=True)
    _rule(canvas, height - 3 * mm)
    rows = [(line["label"], line["total"]) for line in purchase.item.get("lines") or ()]
    for label, total in rows or [(purchase.what, purchase.item["total"])]:
        height -= 9 * mm
        _text(canvas, LEFT, height, label)
        _text(canvas, RIGHT, height, money(total, purchase.item["currency"]), right=True)
    _rule(canvas, height - 5 * mm)
    return height - 16 * mm


def _draw_totals(canvas: Canvas, item: Mapping[str, Any], height: float) -> None:
    currency = item["currency"]
    rows = [(f"HT à {comma(p['rate'])}{NBSP}%", p["base"]) for p in parts_of(item)]
    rows += [(f"TVA {comma(p['rate'])}{NBSP}%", p["amount"]) for p in parts_of(item)]
    rows += [] if rows else [("TVA", item["vat_amount"])] if item.get("vat_amount") is not None else []
    for label, amount in rows:
        _text(canvas, RIGHT - 40 * mm, height, label, right=True)
        _text(canvas, RIGHT, height, money(amount, currency), right=True)
        height -= 7 * mm
    total = "Total à votre crédit" if item["type"] == "credit_note" else "Total TTC"
    _text(canvas, RIGHT - 40 * mm, height - 2 * mm, total, size=13, bold=True, right=True)
    _text(canvas, RIGHT, height - 2 * mm, money(item["total"], currency), size=13, bold=True, right=True)
    if method := item.get("payment_method"):
        _text(canvas, LEFT, height - 20 * mm, f"Règlement{NBSP}: {method['label']}")


def parts_of(item: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    return item.get("vat_breakdown") or ()


def _text(
    canvas: Canvas, x: float, y: float, text: str, *, size: float = 10, bold: bool = False, right: bool = False
) -> None:
    canvas.setFont("Demo-Bold" if bold else "Demo", size)
    (canvas.drawRightString if right else canvas.drawString)(x, y, text)


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, y, RIGHT, y)


def _register_fonts() -> None:
    fonts = Path(reportlab.__file__).parent / "fonts"
    if "Demo" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Demo", str(fonts / "Vera.ttf")))
        pdfmetrics.registerFont(TTFont("Demo-Bold", str(fonts / "VeraBd.ttf")))


def money(amount: str, currency: str) -> str:
    """« 1 743,54 € »."""
    whole, cents = f"{Decimal(amount):,.2f}".split(".")
    symbol = {"EUR": "€", "USD": "$"}.get(currency, currency)
    return f"{whole.replace(',', NBSP)},{cents}{NBSP}{symbol}"


def comma(amount: str) -> str:
    return f"{Decimal(amount):.2f}".replace(".", ",")


def day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}"
