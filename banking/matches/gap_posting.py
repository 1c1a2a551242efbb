"""The entry of a difference that a person named: a charge or a gain against the supplier, in the journal OD.

In a company in trésorerie no supplier is owed: the payment's own entry takes exactly what it settles, with the VAT
received, and the difference goes against the bank, in its journal.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from achats.books.entry_planning import VAT, VAT_ON_ASSETS, EntryPlan, accounts_of_entries, plan_entry
from achats.books.entry_shares import spread
from achats.books.supplier_accounts import third_party_of
from banking.matches.gaps import GapStays
from banking.matches.settling import obstacles_of
from banking.models import GapKind, Match
from firms.models import User
from firms.typography import NBSP, format_money
from ledger.books import Books, NoFiscalYear
from ledger.models import Account
from ledger.opening import BANK, MISCELLANEOUS
from ledger.posting import EntryDraft, Movement, post_entry
from ledger.withdrawing import withdraw_entry

CHARGES = {GapKind.FEE: "62780000", GapKind.DIFFERENCE: "65800000", GapKind.EXCHANGE: "65600000"}
GAINS = {GapKind.DISCOUNT: "76500000", GapKind.DIFFERENCE: "75800000", GapKind.EXCHANGE: "75600000"}


@transaction.atomic
def post_gap(*, match: Match, by: User | None, at: datetime) -> None:
    """Write the entry of the difference of `match`, on the day of its line. Raises GapStays.

    The caller holds the locks of the match and of its ends.
    """
    books = Books.of(match.company)
    if (currency := match.transaction.account.currency) != match.company.currency:
        raise GapStays(f"Le compte bancaire est en {currency} : passez cet écart à la main.")
    plan = _plan(match, books)
    against = _bank(match) if books.is_cash_based else _supplier(match, plan)
    draft = EntryDraft(
        document_on=match.transaction.booked_on,
        label=f"{GapKind(match.gap_kind).label} {plan.label}",
        reference=match.invoice.reference,
        movements=[*_movements(match, plan), against],
    )
    journal = BANK if books.is_cash_based else MISCELLANEOUS
    try:
        match.gap_entry = post_entry(books=books, journal_code=journal, draft=draft, by=by, at=at)
    except NoFiscalYear as refusal:
        raise GapStays(str(refusal)) from refusal
    match.save(update_fields=["gap_entry"])


@transaction.atomic
def withdraw_gaps(*, rows: Sequence[Match], by: User, at: datetime) -> None:
    """Take back, or reverse where they are final, the entries of the differences of `rows`.

    Raises NoFiscalYear, EntryFinal. The caller holds the locks of the rows and of their ends.
    """
    for row in rows:
        if (entry := row.gap_entry) is None:
            continue
        row.gap_entry = None
        row.save(update_fields=["gap_entry"])
        withdraw_entry(entry=entry, books=Books.of(row.company), by=by, at=at)


def gap_in_words(rows: Sequence[Match]) -> str:
    """« Frais bancaires : 3,54 €, écriture OD-000003. », empty where there are none.

    Of several: « Écart de change : 3,20 € et −0,15 €, écritures OD-000003 et OD-000004. »
    """
    found = [row for row in rows if row.gap_entry is not None]
    if not found:
        return ""
    costs = [cost_of(row) for row in found]
    has_both = min(costs) < 0 < max(costs)
    currency = found[0].transaction.account.currency
    told = [format_money(Decimal(cents if has_both else abs(cents)).scaleb(-2), currency) for cents in costs]
    names = [row.gap_entry.name for row in found if row.gap_entry]
    entries = "écriture" if len(names) == 1 else "écritures"
    return f"{GapKind(found[0].gap_kind).label}{NBSP}: {_listed(told)}, {entries} {_listed(names)}."


def _listed(words: Sequence[str]) -> str:
    return " et ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def cost_of(match: Match) -> int:
    """What the difference costs, in cents: more paid, or less given back; negative where it is gained."""
    return match.gap_cents if match.transaction.amount < 0 else -match.gap_cents


def _plan(match: Match, books: Books) -> EntryPlan:
    """The entry of its purchase, which tells the accounts of its VAT."""
    invoice = match.invoice
    lines = list(invoice.lines.select_related("account", "vat_code").order_by("position"))
    accounts, paid_on = accounts_of_entries(match.company), match.transaction.booked_on if books.is_cash_based else None
    return plan_entry(invoice=invoice, lines=lines, books=books, accounts=accounts, paid_on=paid_on)


def _supplier(match: Match, plan: EntryPlan) -> Movement:
    supplier = match.invoice.supplier
    if plan.counterpart is None or supplier is None:
        raise GapStays("Cette facture n’a pas encore son fournisseur ou ses comptes : donnez-les-lui d’abord.")
    collective = plan.counterpart.account
    return Movement(collective, -cost_of(match), third_party_of(supplier=supplier, collective=collective))


def _bank(match: Match) -> Movement:
    """The bank that paid, which the entry of the payment names too."""
    bank = match.transaction.account.ledger_account
    if match.payment_id is None or bank is None:
        reason = next((reason.message for reason in obstacles_of(match)), "Cette facture se comptabilise à la main.")
        raise GapStays(reason)
    return Movement(bank, -cost_of(match))


def _movements(match: Match, plan: EntryPlan) -> list[Movement]:
    """What it costs is a charge, what it brings a gain, and of a discount the VAT, its share of the purchase's."""
    taxed = [line for line in plan.moves if line.account.code in (VAT, VAT_ON_ASSETS)]
    taxed = taxed if match.gap_kind == GapKind.DISCOUNT else []
    net = sum(line.cents for line in plan.moves) - sum(line.cents for line in taxed)
    own, *shares = spread(cost_of(match), [abs(net), *(abs(line.cents) for line in taxed)])
    moves = [Movement(line.account, share) for line, share in zip(taxed, shares, strict=True)]
    return [Movement(_account_of(match), own), *moves]


def _account_of(match: Match) -> Account:
    code = (CHARGES if cost_of(match) > 0 else GAINS)[GapKind(match.gap_kind)]
    account = match.company.accounts.filter(code=code).first()
    if account is None:
        raise GapStays(f"Le compte {code} manque au plan comptable du dossier.")
    return account
