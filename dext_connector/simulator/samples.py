"""What a Dext that was just installed holds: three receipts in the inbox, three rules of suppliers."""

from typing import Any

METHOD = {"label": "Paiement Pro (1234)"}
RECEPTIONS = "62570000"


def starting_items(*, generation: int) -> list[dict[str, Any]]:
    """The inbox of a Dext that was just reset for the `generation`-th time: fresh references, as of new photographs."""
    return [
        _entry("RB-88210", generation, _franprix()),
        _entry("RB-88213", generation, _starbucks()),
        _entry("RB-88216", generation, _folie_du_pain()),
    ]


def starting_rules() -> list[dict[str, Any]]:
    """Rules as Dext's users wrote them over the years: a number too short, one with its label, one too precise."""
    return [
        {"supplier": "Franprix", "account": "6257"},
        {"supplier": "Starbucks", "account": "62570000 - Réceptions", "vat_rate": "10.00"},
        {"supplier": "EDF", "account": "606100", "vat_rate": "20.00", "due_days": 15},
    ]


def _entry(reference: str, generation: int, item: dict[str, Any]) -> dict[str, Any]:
    external_id = reference if generation == 1 else f"{reference}.{generation}"
    whole = {"external_id": external_id, "type": "receipt", "currency": "EUR", **item}
    return {"item": whole, "key": None, "answer": None, "problem": None, "etag": "", "is_changed": False}


def _franprix() -> dict[str, Any]:
    """VAT 0.61 on 5.76 is 11.84 %: 2.90 at 5.5 % and 2.25 at 20 %. No account: Dext could not tell."""
    return {
        "date": "2019-08-19",
        "supplier": {"name": "Franprix"},
        "total": "5.76",
        "vat_amount": "0.61",
        "payment_method": METHOD,
        "paid": True,
    }


def _starbucks() -> dict[str, Any]:
    return {
        "date": "2019-09-25",
        "supplier": {"name": "Starbucks"},
        "account": RECEPTIONS,
        "total": "4.85",
        "vat_amount": "0.44",
        "payment_method": METHOD,
        "paid": True,
    }


def _folie_du_pain() -> dict[str, Any]:
    """The lines were read as 14.00 where the receipt says 14.10: ten cents of the second one are missing."""
    return {
        "date": "2019-09-20",
        "supplier": {"name": "La Folie Du Pain"},
        "account": RECEPTIONS,
        "total": "14.10",
        "vat_amount": "1.28",
        "payment_method": METHOD,
        "paid": True,
        "lines": [
            {"label": "Formule midi", "account": RECEPTIONS, "total": "9.50"},
            {"label": "Boisson et dessert", "account": RECEPTIONS, "total": "4.50"},
        ],
    }
