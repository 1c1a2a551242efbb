"""The entry of one payment, in a company in trésorerie: the bank against the charge and the VAT of the part paid.

A part is what the payment's share of the purchase brings to each account, of what earlier payments left there: to the
cent, and the last payment takes exactly the rest. So no VAT is computed: the one received is shared out.

On services the VAT falls due with the payment (CGI art. 269-2 c, 271). On goods it fell due with the delivery: it may
still be deducted at the payment, but not after 31 December of the second year that follows (CGI ann. II art. 208).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from achats.books.entry_planning import ASSETS, EntryPlan, Obstacle, PlannedLine, plan_entry
from achats.books.entry_shares import spread
from achats.models import InvoiceLine, PurchaseInvoice
from achats.vat.splits import cents_of
from firms.typography import format_day
from ledger.books import Books
from ledger.models import Account, VatKind

FINANCIAL = "5"
GOODS, SERVICES_AMONG_GOODS = ("60", ASSETS), "604"
YEARS_TO_DEDUCT = 2
BANK_TO_CHOOSE = "bank_account_missing"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """What pays a purchase or a part of it: `cents` of its own currency, `bank_cents` of `currency`, both positive.

    `bank` is the account of the chart behind the bank account `bank_name`; None where nobody has said it yet.
    """

    bank: Account | None
    bank_name: str
    currency: str
    cents: int
    bank_cents: int
    paid_on: date


def plan_payment(
    *,
    invoice: PurchaseInvoice,
    lines: Sequence[InvoiceLine],
    books: Books,
    accounts: Mapping[str, Account],
    payment: Payment,
    posted: Mapping[UUID, int],
) -> EntryPlan:
    """The entry of `payment`, with every reason against it; `posted` is what earlier payments moved, by account."""
    whole = plan_entry(invoice=invoice, lines=lines, books=books, accounts=accounts, paid_on=payment.paid_on)
    left = [replace(line, cents=line.cents - posted.get(line.account.pk, 0)) for line in whole.moves]
    reasons = [*whole.reasons, *_of_bank(payment, books), *_of_vat(invoice, lines, payment, books)]
    if whole.moves:
        reasons += _of_what_is_left(whole, payment, left, posted, is_foreign=invoice.currency != books.company.currency)
    if reasons or not payment.bank:
        return replace(whole, reasons=reasons)
    paid = -invoice.sign * payment.bank_cents
    return replace(whole, moves=_part(left, -paid), counterpart=PlannedLine(payment.bank, paid))


def _part(left: Sequence[PlannedLine], cents: int) -> list[PlannedLine]:
    """`cents` of what is left, in proportion; all of it where they are all."""
    if cents == sum(line.cents for line in left):
        return [line for line in left if line.cents]
    shares = spread(cents, [abs(line.cents) for line in left])
    return [PlannedLine(line.account, share) for line, share in zip(left, shares, strict=True) if share]


def _of_bank(payment: Payment, books: Books) -> Iterator[Obstacle]:
    if payment.currency != books.company.currency:
        sentence = (
            f"Le compte bancaire « {payment.bank_name} » est en {payment.currency} : passez l’écriture à la main."
        )
        yield Obstacle("bank_in_another_currency", sentence, "Devise")
    elif payment.bank is None or not payment.bank.code.startswith(FINANCIAL):
        sentence = (
            f"Le compte bancaire « {payment.bank_name} » n’a pas de compte de classe 5 : choisissez-le sur sa page."
        )
        yield Obstacle(BANK_TO_CHOOSE, sentence, "Compte de banque")


def _of_vat(
    invoice: PurchaseInvoice, lines: Sequence[InvoiceLine], payment: Payment, books: Books
) -> Iterator[Obstacle]:
    until = date(invoice.issued_on.year + YEARS_TO_DEDUCT, 12, 31)
    if payment.paid_on > until and books.deducts_vat and any(_is_of_goods(line) for line in lines):
        day = format_day(invoice.issued_on)
        sentence = (
            f"La TVA d’un bien facturé le {day} ne se déduit plus après le {format_day(until)} : changez son code."
        )
        yield Obstacle("vat_time_barred", sentence, "Code TVA")


def _is_of_goods(line: InvoiceLine) -> bool:
    """Whether the line deducts the VAT of goods (classes 60 and 2, studies and services bought apart)."""
    if not (line.account and line.vat_code and line.vat_code.kind == VatKind.DEDUCTIBLE):
        return False
    return line.account.code.startswith(GOODS) and not line.account.code.startswith(SERVICES_AMONG_GOODS)


def _of_what_is_left(
    whole: EntryPlan, payment: Payment, left: Sequence[PlannedLine], posted: Mapping[UUID, int], *, is_foreign: bool
) -> Iterator[Obstacle]:
    total, rest = (abs(sum(line.cents for line in lines)) for lines in (whole.moves, left))
    has_both_signs = any(line.cents * whole.invoice.sign < 0 for line in left)
    is_whole = payment.cents == (cents_of(whole.invoice.gross_amount) if is_foreign else rest)
    if rest != total - abs(sum(posted.values())) or any(
        line.cents * before.cents < 0 for line, before in zip(left, whole.moves, strict=True)
    ):
        sentence = (
            "Un compte ou un code TVA a changé depuis la première part : défaites ses rapprochements, refaites-les."
        )
        yield Obstacle("first_part_differs", sentence, "Règlements")
    elif is_foreign and not is_whole:
        yield Obstacle("part_in_another_currency", "Une part d’une facture en devise se passe à la main.", "Devise")
    elif not is_foreign and payment.cents > rest:
        yield Obstacle("nothing_left", "Elle est déjà comptabilisée en entier.", "Déjà comptabilisée")
    elif has_both_signs and (is_foreign or not is_whole):
        sentence = "Une facture dont une ligne se déduit, réglée en partie ou en devise, se passe à la main."
        yield Obstacle("part_of_both_signs", sentence, "Lignes")
