"""A supplier's number in the books: « 401FRANP », chosen once, when its first entry is posted."""

from achats.models import Supplier
from achats.turns import wait_our_turn
from firms.folding import fold
from ledger.models import Account, ThirdPartyAccount

PREFIX = "401"
LETTERS = 5


def ledger_code_of(supplier: Supplier | None) -> str:
    """Its number, or the one that it will most likely get; "" without a supplier."""
    if supplier is None:
        return ""
    letters = "".join(sign for sign in fold(supplier.name).upper() if sign.isascii() and sign.isalnum())
    return supplier.ledger_code or f"{PREFIX}{letters[:LETTERS] or 'DIVERS'}"


def third_party_of(*, supplier: Supplier, collective: Account) -> ThirdPartyAccount:
    """Its account under `collective`; the first time a free number is chosen and kept on the supplier.

    Must run in a transaction: two suppliers of one name that come at once wait for each other.
    """
    if not supplier.ledger_code:
        supplier.ledger_code = _free_code(supplier)
        supplier.save(update_fields=["ledger_code"])
    account, _ = ThirdPartyAccount.objects.get_or_create(
        company_id=supplier.company_id,
        code=supplier.ledger_code,
        defaults={"collective": collective, "label": supplier.name},
    )
    return account


def _free_code(supplier: Supplier) -> str:
    """« 401FRANP », else « 401FRANP2 »."""
    stem = ledger_code_of(supplier)
    wait_our_turn("third party", supplier.company_id, stem)
    same = {"company": supplier.company_id}
    taken = {*Supplier.objects.filter(**same, ledger_code__startswith=stem).values_list("ledger_code", flat=True)}
    taken |= {*ThirdPartyAccount.objects.filter(**same, code__startswith=stem).values_list("code", flat=True)}
    names = (f"{stem}{number}" if number > 1 else stem for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
