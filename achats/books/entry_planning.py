"""The entry that a purchase will be, before anybody publishes it: its lines, its day, or why it cannot be.

Debit and credit follow formats of the PCG: the lines' accounts (charge, with what is not deducted of the VAT), the
deductible VAT (44566000, 44562000 for assets of class 2), and the supplier for the total received (40110000, 40400000
where all is assets). A credit note is the mirror. Amounts in integer cents of the company's currency. In a company in
trésorerie what paid stands in the place of the supplier (53000000, a person's account, a bank): `payment_planning` has
the entry of each payment.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from achats.books.entry_shares import Part, Share, gap_of, shares_of
from achats.books.supplier_accounts import ledger_code_of
from achats.models import InvoiceLine, Kind, MethodKind, PurchaseInvoice
from achats.readiness import Facts, assess
from achats.reasons import Reason
from achats.vat.splits import SCALE, cents_of
from firms.models import Company
from firms.typography import format_money
from ledger.books import Books, NoFiscalYear
from ledger.models import Account, VatCode, VatKind
from ledger.opening import BANK, MISCELLANEOUS, PURCHASES

VAT, VAT_ON_ASSETS = "44566000", "44562000"
SUPPLIERS, SUPPLIERS_OF_ASSETS = "40110000", "40400000"
BANKS, CASH = "51200000", "53000000"
OWED_ACCOUNTS = {VAT, VAT_ON_ASSETS, SUPPLIERS, SUPPLIERS_OF_ASSETS}
PAID_ACCOUNTS = {VAT, VAT_ON_ASSETS, BANKS, CASH}
ASSETS = "2"
AWAITS_SETTLEMENT = "awaits_settlement"
# What only a look at the other rows can say: kept as it was when the purchase was last assessed.
FOUND_AMONG_OTHERS = {"suspected_duplicate", "supplier_ambiguous"}
BILLED = {VatKind.DEDUCTIBLE, VatKind.NON_DEDUCTIBLE}


class Obstacle(Reason):
    """What stands against the entry alone: told on the pages of MEG, never to Dext, who cannot mend it."""


@dataclass(frozen=True)
class PlannedLine:
    """A movement to be: `cents` > 0 is a debit. `third_party` is the supplier's number under a collective account."""

    account: Account
    cents: int
    third_party: str = ""

    @property
    def debit(self) -> Decimal | None:
        return Decimal(self.cents).scaleb(-2) if self.cents > 0 else None

    @property
    def credit(self) -> Decimal | None:
        return Decimal(-self.cents).scaleb(-2) if self.cents < 0 else None


@dataclass(frozen=True, kw_only=True)
class EntryPlan:
    """An entry to be: what is bought (`moves`), then what pays it, or whom it is owed to.

    Where `reasons` is not empty it cannot be posted, and `lines` may be empty.
    """

    invoice: PurchaseInvoice
    posted_on: date
    moves: Sequence[PlannedLine]
    counterpart: PlannedLine | None
    reasons: Sequence[Reason]
    journal_code: str

    @property
    def lines(self) -> list[PlannedLine]:
        return [*self.moves, self.counterpart] if self.counterpart else [*self.moves]

    @property
    def label(self) -> str:
        kind = "Avoir " if self.invoice.kind == Kind.CREDIT_NOTE else ""
        return f"{kind}{self.invoice.supplier_name} {self.invoice.reference}".strip()

    @property
    def debit(self) -> Decimal:
        return sum((line.debit for line in self.lines if line.debit), Decimal(0))

    @property
    def credit(self) -> Decimal:
        return sum((line.credit for line in self.lines if line.credit), Decimal(0))

    @property
    def awaits_settlement(self) -> bool:
        return [reason.code for reason in self.reasons] == [AWAITS_SETTLEMENT]


def accounts_of_entries(company: Company) -> dict[str, Account]:
    """The accounts that every entry of a purchase may need, by number: one query."""
    rows = Account.objects.filter(company=company, code__in=OWED_ACCOUNTS | PAID_ACCOUNTS)
    return {account.code: account for account in rows}


def plan_entry(
    *,
    invoice: PurchaseInvoice,
    lines: Sequence[InvoiceLine],
    books: Books,
    accounts: Mapping[str, Account],
    paid_on: date | None = None,
) -> EntryPlan:
    """The entry of `invoice` as its row and `lines` stand, with every reason against it. No query but those given.

    `paid_on` is the day on which a payment posts it, in a company in trésorerie.
    """
    paid_on = paid_on or _paid_off_bank_on(invoice, books)
    posted_on = books.open_day(paid_on or invoice.issued_on)
    awaits = books.is_cash_based and paid_on is None
    reasons = [*_not_ready(invoice, lines, books), *_of_books(invoice, books, None if awaits else posted_on, accounts)]
    parts = [_part(line, books) for line in lines]
    reasons += _of_amounts(invoice, lines, parts, books)
    moves, counterpart = list[PlannedLine](), None
    if _may_be_drawn(lines, reasons) and not _lacks_base(invoice, books):
        moves, counterpart = _planned(invoice, lines, parts, accounts, books)
    if not moves and not reasons:
        reasons.append(Obstacle("nothing_to_post", "Aucun montant : il n’y a rien à comptabiliser.", "Total nul"))
    return EntryPlan(
        invoice=invoice, posted_on=posted_on, moves=moves, counterpart=counterpart, reasons=reasons,
        journal_code=_journal_of(invoice, books),
    )  # fmt: skip


def _may_be_drawn(lines: Sequence[InvoiceLine], reasons: Sequence[Reason]) -> bool:
    codes = {reason.code for reason in reasons}
    return all(line.account for line in lines) and codes.isdisjoint({"lines_differ", "ledger_account_missing"})


def _journal_of(invoice: PurchaseInvoice, books: Books) -> str:
    if not books.is_cash_based:
        return PURCHASES
    return MISCELLANEOUS if invoice.awaits_no_bank_line else BANK


def _paid_off_bank_on(invoice: PurchaseInvoice, books: Books) -> date | None:
    """In a company in trésorerie: the day on which cash or a person paid, for no bank line will post the purchase."""
    if not (books.is_cash_based and invoice.awaits_no_bank_line):
        return None
    return invoice.paid_on or invoice.issued_on


def _not_ready(invoice: PurchaseInvoice, lines: Sequence[InvoiceLine], books: Books) -> Iterator[Reason]:
    """What was found when it was last assessed of others (duplicates, namesakes), and the rest as it stands now."""
    kept = [Reason(**reason) for reason in invoice.reasons if reason["code"] in FOUND_AMONG_OTHERS]
    codes = {reason.code for reason in kept}
    facts = Facts(invoice=invoice, lines=lines, currency=books.company.currency)
    yield from kept
    yield from (reason for reason in assess(facts) if reason.is_blocking and reason.code not in codes)


def _of_books(
    invoice: PurchaseInvoice, books: Books, posted_on: date | None, accounts: Mapping[str, Account]
) -> Iterator[Reason]:
    if posted_on is None:
        sentence = "Dossier en trésorerie : l’écriture se passera au règlement."
        yield Obstacle(AWAITS_SETTLEMENT, sentence, "En attente de règlement")
    else:
        try:
            books.year_of(posted_on)
        except NoFiscalYear as refusal:
            yield Obstacle("no_fiscal_year", str(refusal), "Exercice")
    if (journal := _journal_of(invoice, books)) not in books.journals:
        yield Obstacle("journal_missing", f"Le journal {journal} manque au dossier : ajoutez-le.", "Journal")
    for code in sorted((PAID_ACCOUNTS if books.is_cash_based else OWED_ACCOUNTS) - accounts.keys()):
        yield Obstacle("ledger_account_missing", f"Le compte {code} manque au plan comptable du dossier.", "Compte")
    method = invoice.payment_method if books.is_cash_based and invoice.is_settled_off_bank else None
    if method and method.kind == MethodKind.PERSONAL and method.person_account_id is None:
        sentence = f"Le compte de qui a payé manque : choisissez-le pour le moyen de paiement « {method} »."
        yield Obstacle("person_account_missing", sentence, "Note de frais")


def _of_amounts(
    invoice: PurchaseInvoice, lines: Sequence[InvoiceLine], parts: Sequence[Part], books: Books
) -> Iterator[Reason]:
    total = sum((line.gross_amount for line in lines), Decimal(0))
    if total != invoice.gross_amount:
        told, wanted = (format_money(amount, invoice.currency) for amount in (total, invoice.gross_amount))
        yield Obstacle("lines_differ", f"Les lignes font {told}, la facture {wanted}.", "Lignes")
    vat = None if invoice.vat_amount is None else cents_of(invoice.vat_amount)
    gap = gap_of(parts, vat=vat)
    if abs(gap) > len(parts):
        told = format_money(Decimal((vat or 0) - gap).scaleb(-2), invoice.currency)
        wanted = format_money(invoice.vat_amount, invoice.currency)
        yield Obstacle("lines_differ", f"Les lignes portent {told} de TVA, la facture {wanted}.", "TVA")
    shares = shares_of(parts, vat=vat)
    if books.deducts_vat and any(share.vat and not line.vat_code for line, share in zip(lines, shares, strict=True)):
        sentence = "Une TVA est reçue sans code : choisissez le code TVA, il dit si elle se déduit."
        yield Obstacle("vat_code_missing", sentence, "Code TVA")


def _lacks_base(invoice: PurchaseInvoice, books: Books) -> bool:
    return invoice.currency != books.company.currency and invoice.base_gross_amount is None


def _part(line: InvoiceLine, books: Books) -> Part:
    code, gross = line.vat_code, cents_of(line.gross_amount)
    is_deducted = books.deducts_vat and code is not None and code.kind == VatKind.DEDUCTIBLE
    return Part(
        gross=gross,
        vat=None if line.vat_amount is None else cents_of(line.vat_amount),
        percent=code.deductible_percent if code is not None and is_deducted else 0,
        weight=_weight(code, max(gross, 0)),
    )


def _weight(code: VatCode | None, gross: int) -> int:
    """What VAT a line of `gross` would bear; one without rate weighs its whole, one that bills none nothing."""
    if code is None or (code.kind in BILLED and code.rate is None):
        return gross
    rate = cents_of(code.rate or Decimal(0)) if code.kind in BILLED else 0
    return gross * rate // (SCALE + rate)


def _planned(
    invoice: PurchaseInvoice,
    lines: Sequence[InvoiceLine],
    parts: Sequence[Part],
    accounts: Mapping[str, Account],
    books: Books,
) -> tuple[list[PlannedLine], PlannedLine | None]:
    vat = None if invoice.vat_amount is None else cents_of(invoice.vat_amount)
    charges, deducted = _sums(lines, shares_of(parts, vat=vat), accounts)
    gross = cents_of(invoice.gross_amount)
    if invoice.base_gross_amount is not None:
        base = cents_of(invoice.base_gross_amount)
        charges, deducted, gross = _in_base(charges, deducted, gross, base)
    planned = [PlannedLine(account, invoice.sign * cents) for account, cents in [*charges.items(), *deducted.items()]]
    are_assets = all(account.code.startswith(ASSETS) for account in charges)
    other, party = _counterpart(invoice, books, accounts, are_assets=are_assets)
    return [line for line in planned if line.cents], PlannedLine(other, -invoice.sign * gross, party) if gross else None


def _counterpart(
    invoice: PurchaseInvoice, books: Books, accounts: Mapping[str, Account], *, are_assets: bool
) -> tuple[Account, str]:
    """Whom it is owed to, with his number; in a company in trésorerie, what pays it."""
    if not books.is_cash_based:
        return accounts[SUPPLIERS_OF_ASSETS if are_assets else SUPPLIERS], ledger_code_of(invoice.supplier)
    if not invoice.is_settled_off_bank:
        return accounts[BANKS], ""
    method = invoice.payment_method
    return (method and method.person_account) or accounts[CASH], ""


def _sums(
    lines: Sequence[InvoiceLine], shares: Sequence[Share], accounts: Mapping[str, Account]
) -> tuple[dict[Account, int], dict[Account, int]]:
    """Charges, and deducted VAT, by account, in the order of the lines."""
    charges, deducted = defaultdict[Account, int](int), defaultdict[Account, int](int)
    for line, share in zip(lines, shares, strict=True):
        if line.account:
            charges[line.account] += share.charge
            vat = VAT_ON_ASSETS if line.account.code.startswith(ASSETS) else VAT
            deducted[accounts[vat]] += share.deducted
    return charges, deducted


def _in_base(
    charges: dict[Account, int], deducted: dict[Account, int], gross: int, base: int
) -> tuple[dict[Account, int], dict[Account, int], int]:
    """The same in the company's currency, each rounded at the document's own rate (base ÷ total); the largest charge
    takes the cents that are left, so that the supplier gets exactly the base total received."""

    def scaled(sums: dict[Account, int]) -> dict[Account, int]:
        return {account: (2 * cents * base + gross) // (2 * gross) if gross else 0 for account, cents in sums.items()}

    charges, deducted = scaled(charges), scaled(deducted)
    largest = max(charges, key=lambda account: abs(charges[account]))
    charges[largest] += base - sum(charges.values()) - sum(deducted.values())
    return charges, deducted, base
