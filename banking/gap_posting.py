"""The entry of a difference that a person named: the supplier against a charge or a gain, in the journal OD."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from achats.entry_planning import VAT, VAT_ON_ASSETS, EntryPlan, accounts_of_entries, plan_entry
from achats.entry_shares import spread
from achats.supplier_accounts import third_party_of
from banking.gaps import STAYS, GapStays
from banking.models import GapKind, Match
from firms.models import User
from firms.typography import NBSP, format_money
from ledger.books import Books, NoFiscalYear
from ledger.models import Account
from ledger.opening import MISCELLANEOUS
from ledger.posting import EntryDraft, Movement, post_entry
from ledger.withdrawing import withdraw_entry

CHARGES = {GapKind.FEE: "62780000", GapKind.DIFFERENCE: "65800000", GapKind.EXCHANGE: "65600000"}
GAINS = {GapKind.DISCOUNT: "76500000", GapKind.DIFFERENCE: "75800000", GapKind.EXCHANGE: "75600000"}


@transaction.atomic
def post_gap(*, match: Match, by: User, at: datetime) -> None:
    """Write the entry of the difference of `match`, on the day of its line. Raises GapStays.

    The caller holds the locks of the match and of its ends.
    """
    books = Books.of(match.company)
    if books.is_cash_based:
        raise GapStays(f"Dans un dossier en trésorerie, MEG ne passe pas encore les écarts. {STAYS}")
    if (currency := match.transaction.account.currency) != match.company.currency:
        raise GapStays(f"Le compte bancaire est en {currency} : passez cet écart à la main. {STAYS}")
    plan, supplier = _plan(match, books)
    draft = EntryDraft(
        document_on=match.transaction.booked_on,
        label=f"{GapKind(match.gap_kind).label} {plan.label}",
        reference=match.invoice.reference,
        movements=[*_movements(match, plan), supplier],
    )
    try:
        match.gap_entry = post_entry(books=books, journal_code=MISCELLANEOUS, draft=draft, by=by, at=at)
    except NoFiscalYear as refusal:
        raise GapStays(f"{refusal} {STAYS}") from refusal
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
    """« Frais bancaires : 3,54 €, écriture OD-000003. », empty where there are none."""
    row = next((row for row in rows if row.gap_entry_id), None)
    if row is None or row.gap_entry is None:
        return ""
    amount = format_money(Decimal(abs(row.gap_cents)).scaleb(-2), row.transaction.account.currency)
    return f"{GapKind(row.gap_kind).label}{NBSP}: {amount}, écriture {row.gap_entry.name}."


def _plan(match: Match, books: Books) -> tuple[EntryPlan, Movement]:
    """The entry of its purchase, which tells the accounts of its VAT, and what the difference does to the supplier."""
    invoice = match.invoice
    lines = list(invoice.lines.select_related("account", "vat_code").order_by("position"))
    plan = plan_entry(invoice=invoice, lines=lines, books=books, accounts=accounts_of_entries(match.company))
    if plan.counterpart is None or invoice.supplier is None:
        raise GapStays(f"Cette facture n’a pas encore son fournisseur ou ses comptes : donnez-les-lui d’abord. {STAYS}")
    collective = plan.counterpart.account
    return plan, Movement(
        collective, -match.gap_cents, third_party_of(supplier=invoice.supplier, collective=collective)
    )


def _movements(match: Match, plan: EntryPlan) -> list[Movement]:
    """Paid more than owed: a charge; paid less: a gain, and of a discount the VAT, its share of the purchase's."""
    taxed = [line for line in plan.moves if line.account.code in (VAT, VAT_ON_ASSETS)]
    taxed = taxed if match.gap_kind == GapKind.DISCOUNT else []
    net = sum(line.cents for line in plan.moves) - sum(line.cents for line in taxed)
    own, *shares = spread(match.gap_cents, [abs(net), *(abs(line.cents) for line in taxed)])
    moves = [Movement(line.account, share) for line, share in zip(taxed, shares, strict=True)]
    return [Movement(_account_of(match), own), *moves]


def _account_of(match: Match) -> Account:
    code = (CHARGES if match.gap_cents > 0 else GAINS)[GapKind(match.gap_kind)]
    account = match.company.accounts.filter(code=code).first()
    if account is None:
        raise GapStays(f"Le compte {code} manque au plan comptable du dossier. {STAYS}")
    return account
