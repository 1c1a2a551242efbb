"""« Compte »: a bank line without a document is put on an account, at once in the journal BQ; and that taken back.

The bank says no VAT: where its line stands for the invoice (fees), the VAT is that of the code's rate, or the one that
a person reads on the statement.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from achats.books.entry_planning import ASSETS, VAT, VAT_ON_ASSETS
from achats.books.entry_shares import percent_of
from banking.match_asking import ask_for_match
from banking.models import BankTransaction, LineCoding, Match
from firms.events import record_event
from firms.models import User
from ledger.books import Books, NoFiscalYear
from ledger.models import Account, JournalEntry, VatCode, VatKind
from ledger.opening import BANK
from ledger.posting import EntryDraft, Movement, post_entry
from ledger.withdrawing import withdraw_entry

CODED, UNCODED = "bank_line.coded", "bank_line.uncoded"
FINANCIAL, CHARGES = "5", "6"
# What is owed to a supplier is paid by a match with his invoice: nobody would know whose part it was.
OF_SUPPLIERS = ("401", "403", "404")


class CannotCode(Exception):
    """The line cannot be put on this account. `str()` is one French sentence."""


@transaction.atomic
def code_line(
    *, line: BankTransaction, account: Account, by: User, at: datetime, vat_code: VatCode | None = None,
    vat_amount: Decimal | None = None,
) -> LineCoding:  # fmt: skip
    """Put what is left of `line` on `account`, `vat_amount` of it on the deductible VAT (None: by the code's rate).

    Writes the entry and `bank_line.coded`; what was suggested of the line goes. Raises CannotCode.
    """
    row, books = _lock(line), Books.of(line.company)
    left = int(abs(row.amount) * 100) - row.allocated_cents
    _refuse(row, account, left, books)
    vat = _vat_of(left, account, vat_code, vat_amount, row, books)
    draft = EntryDraft(
        document_on=row.booked_on, label=row.label, reference=row.bank_reference[:100],
        movements=_movements(row, account, left, vat, vat_code),
    )  # fmt: skip
    try:
        entry = post_entry(books=books, journal_code=BANK, draft=draft, by=by, at=at)
    except NoFiscalYear as refusal:
        raise CannotCode(str(refusal)) from refusal
    coded = {"account": account, "vat_code": vat_code if vat else None, "cents": left, "vat_cents": vat}
    coding = LineCoding.objects.create(
        company=row.company, transaction=row, entry=entry, coded_at=at, coded_by=by, **coded
    )
    _explain(row, left)
    _drop_suggestions(row)
    _tell(row, CODED, [None, f"{account.code} · {entry.name}"], by, at)
    return coding


@transaction.atomic
def uncode_line(*, line: BankTransaction, by: User, at: datetime) -> JournalEntry | None:
    """Take back the draft, or write the contrary of what is final; → the contrary. The line waits again.

    Writes `bank_line.uncoded`. Raises CannotCode where it has no account any more, or no open year holds the contrary.
    """
    row = _lock(line)
    coding = LineCoding.objects.filter(transaction=row).select_related("account").first()
    if coding is None:
        raise CannotCode("Cette ligne n’est plus imputée. Rien n’a été changé.")
    entry, name = coding.entry, coding.entry.name
    coding.delete()
    try:
        contrary = withdraw_entry(entry=entry, books=Books.of(row.company), by=by, at=at)
    except NoFiscalYear as refusal:
        raise CannotCode(str(refusal)) from refusal
    _explain(row, -coding.cents)
    _tell(row, UNCODED, [f"{coding.account.code} · {name}", contrary.name if contrary else None], by, at)
    return contrary


def may_bear_vat(*, account: Account, vat_code: VatCode, line: BankTransaction, books: Books) -> bool:
    """Whether the VAT of `vat_code` may be deducted from `line` on `account`: charges, assets, a rate in force."""
    is_bought = account.code.startswith((CHARGES, ASSETS))
    is_deducted = vat_code.kind == VatKind.DEDUCTIBLE and bool(vat_code.rate) and vat_code.is_active
    return books.deducts_vat and is_bought and is_deducted and vat_code.is_valid_on(line.booked_on)


def vat_within(cents: int, rate: Decimal) -> int:
    """The VAT within an amount that bears it, rounded half up: 20 % of 12,00 is 2,00."""
    return int((Decimal(cents) * rate / (100 + rate)).quantize(Decimal(1), ROUND_HALF_UP))


def _lock(line: BankTransaction) -> BankTransaction:
    rows = BankTransaction.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("company", "account__ledger_account").get(pk=line.pk)


def _refuse(row: BankTransaction, account: Account, left: int, books: Books) -> None:
    bank = row.account.ledger_account
    if row.is_ignored or not left:
        raise CannotCode("Cette ligne n’attend plus rien : elle vient d’être expliquée. Rien n’a été changé.")
    if LineCoding.objects.filter(transaction=row).exists():
        raise CannotCode("Une part de cette ligne est déjà imputée : reprenez d’abord cette imputation.")
    if BANK not in books.journals:
        raise CannotCode(f"Le journal {BANK} manque au dossier : ajoutez-le.")
    if row.account.currency != books.company.currency:
        raise CannotCode(f"Le compte « {row.account} » est en {row.account.currency} : passez l’écriture à la main.")
    if bank is None or not bank.code.startswith(FINANCIAL):
        raise CannotCode(f"Le compte « {row.account} » n’a pas de compte de classe 5 : choisissez-le sur sa page.")
    if account.company_id != row.company_id or not account.is_active or account == bank:
        raise CannotCode(f"Le compte {account.code} ne peut pas recevoir cette ligne : choisissez-en un autre.")
    if account.code.startswith(OF_SUPPLIERS):
        raise CannotCode("Un compte de fournisseur se solde par un rapprochement : cherchez sa facture.")


def _vat_of(
    left: int, account: Account, code: VatCode | None, amount: Decimal | None, row: BankTransaction, books: Books
) -> int:
    if code is None:
        return 0
    if code.company_id != row.company_id or not may_bear_vat(account=account, vat_code=code, line=row, books=books):
        raise CannotCode(f"Le code « {code} » ne se déduit pas sur le compte {account.code} : laissez « Sans TVA ».")
    vat = vat_within(left, code.rate or Decimal(0)) if amount is None else int(amount * 100)
    if not 0 <= vat < left:
        raise CannotCode("La TVA doit être moindre que le montant de la ligne.")
    return vat


def _movements(row: BankTransaction, account: Account, left: int, vat: int, code: VatCode | None) -> list[Movement]:
    sense, bank = 1 if row.amount < 0 else -1, row.account.ledger_account
    deducted = percent_of(vat, code.deductible_percent) if code else 0
    moves = [Movement(account, sense * (left - deducted))]
    if deducted:
        number = VAT_ON_ASSETS if account.code.startswith(ASSETS) else VAT
        found = Account.objects.filter(company=row.company_id, code=number).first()
        if found is None:
            raise CannotCode(f"Le compte {number} manque au plan comptable du dossier.")
        moves.append(Movement(found, sense * deducted))
    return [*moves, Movement(bank, -sense * left)] if bank else moves


def _explain(row: BankTransaction, cents: int) -> None:
    row.allocated_cents += cents
    row.save(update_fields=["allocated_cents", "updated_at"])
    ask_for_match(company_id=row.company_id)


def _drop_suggestions(row: BankTransaction) -> None:
    """Groups as a whole."""
    stale = Match.objects.filter(company=row.company_id).suggested()
    groups = [group for group in stale.filter(transaction=row).values_list("group", flat=True) if group]
    stale.filter(group__in=groups).delete()
    stale.filter(transaction=row).delete()


def _tell(row: BankTransaction, kind: str, coding: list[str | None], by: User, at: datetime) -> None:
    record_event(company=row.company, kind=kind, subject_id=row.pk, by=by, at=at, changes={"coding": coding})
