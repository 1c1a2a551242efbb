"""The inbox: what an item lacks before it may be published, and what its row says."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

CENT = Decimal("0.01")
STATUSES = {"not_ready": "Pas prêt", "ready": "Prêt", "posted": "Comptabilisé", "cancelled": "Annulée"}
SETTLEMENTS = {"partial": "Partiel", "settled": "Réglé"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Standing(StrEnum):
    """What the column STATUT bears."""

    NOT_READY = "not_ready"
    READY = "ready"
    REFUSED = "refused"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the inbox, in Dext's words. `why` is the reason of « Pas prêt », or MEG's sentence.

    `status` is where MEG has it, empty for what is not there; `is_open` while Dext may still change it.
    """

    external_id: str
    date: str
    supplier: str
    total: str
    vat: str
    payment: str
    match: str
    account: str
    account_code: str
    note: str
    standing: Standing
    why: str
    web_url: str
    lines: tuple[dict[str, Any], ...]
    status: str = ""
    is_open: bool = True

    @property
    def is_publishable(self) -> bool:
        return self.standing in {Standing.READY, Standing.REFUSED}


def row_of(entry: dict[str, Any], accounts: list[dict[str, Any]]) -> Row:
    """The row of one entry of the state; `accounts` are MEG's as last loaded, for their labels."""
    item, answer = entry["item"], entry["answer"] or {}
    standing, why = standing_of(entry)
    return Row(
        external_id=item["external_id"],
        date=dext_date(item["date"]),
        supplier=item["supplier"]["name"],
        total=f"{item['currency']} {dext_amount(item['total'])}",
        vat=dext_amount(item.get("vat_amount")),
        payment=(item.get("payment_method") or {}).get("label", ""),
        match=dext_match(answer),
        account=_named(item.get("account") or "", accounts),
        account_code=item.get("account") or "",
        note=item.get("note") or "",
        standing=standing,
        why=why,
        web_url=answer.get("web_url") or "",
        lines=_shown_lines(item),
        status=status_in_meg(answer),
        is_open=is_open(answer),
    )


def _named(code: str, accounts: list[dict[str, Any]]) -> str:
    """« 62570000 - Réceptions »."""
    labels = {account["code"]: account["label"] for account in accounts}
    return f"{code} - {labels[code]}" if code in labels else code or "—"


def _shown_lines(item: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return tuple({**line, "shown_total": dext_amount(line["total"])} for line in item.get("lines") or ())


def standing_of(entry: dict[str, Any]) -> tuple[Standing, str]:
    """Where an entry stands and why. A refusal stays on screen until a publish succeeds.

    What was changed in Dext since it was published is to be published again.
    """
    if entry["answer"] and not entry.get("is_changed"):
        said = [*(entry["answer"].get("reasons") or ()), *(entry["answer"].get("warnings") or ())]
        return Standing.PUBLISHED, entry["problem"] or " ".join(dict.fromkeys(one["message"] for one in said))
    lacks = missing(entry["item"])
    if lacks:
        return Standing.NOT_READY, " ".join([*lacks, *([entry["problem"]] if entry["problem"] else [])])
    return (Standing.REFUSED, entry["problem"]) if entry["problem"] else (Standing.READY, "")


def missing(item: dict[str, Any]) -> list[str]:
    """What MEG requires and the item lacks, one sentence each; empty for an item that may be published."""
    found = []
    if not item.get("account") and not _all_lines_have_an_account(item):
        found.append("Il manque le compte de charge.")
    total, summed = Decimal(item["total"]), sum_of_lines(item)
    if summed is not None and summed != total:
        found.append(f"La somme des lignes ({dext_amount(summed)}) diffère du total ({dext_amount(total)}).")
    return found


def _all_lines_have_an_account(item: dict[str, Any]) -> bool:
    lines = item.get("lines") or []
    return bool(lines) and all(line.get("account") for line in lines)


def sum_of_lines(item: dict[str, Any]) -> Decimal | None:
    """None where the item has no lines."""
    lines = item.get("lines") or []
    return sum((Decimal(line["total"]) for line in lines), Decimal(0)) if lines else None


def dext_match(answer: dict[str, Any]) -> str:
    """RAPPRO.: what MEG last said of the bank, « - » while it said nothing."""
    state = (answer.get("match") or {}).get("state")
    return {"auto": "Rapproché", "confirmed": "Rapproché", "suggested": "Suggestion"}.get(state or "", "-")


def status_in_meg(answer: dict[str, Any]) -> str:
    """« Comptabilisé · Réglé »; empty while MEG does not have it."""
    words = [STATUSES.get(answer.get("status", ""), ""), SETTLEMENTS.get(answer.get("settlement", ""), "")]
    return " · ".join(word for word in words if word)


def is_open(answer: dict[str, Any]) -> bool:
    """Whether MEG would take a change: not what it has posted, matched or cancelled."""
    is_matched = (answer.get("match") or {}).get("state") in {"auto", "confirmed"}
    return answer.get("status") not in {"posted", "cancelled"} and not is_matched


def dext_date(text: str) -> str:
    """« 19-Aug-19 »: Dext writes dates in English, whatever the user's language."""
    day = date.fromisoformat(text)
    month = MONTHS[day.month - 1]
    return f"{day.day:02d}-{month}-{day:%y}"


def dext_amount(amount: str | Decimal | None) -> str:
    """« 5,76 »; « — » where none was extracted."""
    return "—" if amount is None else f"{Decimal(amount):.2f}".replace(".", ",")


class UnreadableAmount(Exception):
    """A text that is no amount. The message is for the person who typed it."""


def read_amount(text: str) -> str:
    """« 4,60 » as the API's decimal string « 4.60 ». Raises UnreadableAmount."""
    bare = "".join(text.split()).removesuffix("€").replace(",", ".")
    try:
        amount = Decimal(bare)
        if not amount.is_finite() or amount < 0 or amount != amount.quantize(CENT):
            raise InvalidOperation
    except InvalidOperation:
        raise UnreadableAmount(f"«\u00a0{text}\u00a0» n’est pas un montant.") from None
    return str(amount.quantize(CENT))
