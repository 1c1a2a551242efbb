"""What the engine is told beside invoices and lines: what people said, how the machine may act, who pays from where.

All of it in one query: each of these tables is small beside the rows themselves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONArray

from achats.models import Kind, PurchaseInvoice, SupplierAlias
from banking.matching.facts import Memory, Policy
from banking.models import AGAINST, Automation, BankAccount, BankAlias, Match, MatchState, PaymentMethodMapping
from banking.runs.policies import weights_of
from firms.models import Company

OF_COMPANY = OuterRef("pk")
NO = (*AGAINST, MatchState.REOPENED)


@dataclass(frozen=True, slots=True)
class Context:
    """A company as the engine sees it.

    `accounts_of` are the bank accounts that a payment method draws on, `other_names` those of a supplier, both by the
    key of the row. On `observed_accounts` the machine decides and does not act; until `locked_until`, that day
    included, the books are closed.
    """

    company: Company
    memory: Memory
    policy: Policy
    observed_accounts: frozenset[str]
    accounts_of: dict[str, frozenset[str]]
    other_names: dict[str, tuple[str, ...]]
    locked_until: date | None


def read_context(company_id: UUID, *, of_cents: Collection[int] | None = None) -> Context:
    """With `of_cents`, what was matched before is told of those amounts only. Raises Company.DoesNotExist."""
    row = _with_rows(Company.objects.all(), of_cents).get(pk=company_id)
    return Context(
        company=row,
        # Of no amounts there is no array either.
        memory=_memory(row.alias_rows, row.no_rows, row.lag_rows or ()),
        policy=_policy(row, row.account_rows),
        observed_accounts=_automated(row.account_rows, Automation.OBSERVED),
        accounts_of={key: frozenset(found) for key, found in _gathered(row.mapping_rows).items()},
        other_names={key: tuple(found) for key, found in _gathered(row.name_rows).items()},
        locked_until=row.bookkeeping.locked_until if hasattr(row, "bookkeeping") else None,
    )


def _with_rows(companies: QuerySet[Company], of_cents: Collection[int] | None) -> QuerySet:
    return companies.select_related("matching_policy", "bookkeeping").annotate(
        account_rows=_rows(BankAccount.objects.all(), "pk", "automation", in_cents(F("automatic_cap"))),
        mapping_rows=_rows(PaymentMethodMapping.objects.all(), "payment_method_id", "bank_account_id"),
        name_rows=_rows(SupplierAlias.objects.order_by("folded_name"), "supplier_id", "name"),
        alias_rows=_rows(BankAlias.objects.all(), "key", "supplier_id"),
        no_rows=_rows(Match.objects.filter(state__in=NO), "invoice_id", "transaction_id", "state"),
        lag_rows=_lags(of_cents),
    )


def in_cents(amount: F | Func) -> Cast:
    """An amount of two decimals in exact cents, by the database."""
    return Cast(amount * 100, BigIntegerField())


def _rows(rows: QuerySet, *columns: str | Cast) -> ArraySubquery:
    """Those of the company, each as a JSON array; in the order of `rows`, where they have one of their own."""
    own = rows.filter(company=OF_COMPANY)
    ordered = own if own.query.order_by else own.order_by()
    return ArraySubquery(ordered.values_list(JSONArray(*columns)))


def _lags(of_cents: Collection[int] | None) -> ArraySubquery:
    """How long after its document each supplier was paid an amount that it asks for again, or one of those given."""
    settled = Match.objects.filter(group=None, invoice__kind=Kind.INVOICE).live()
    if of_cents is None:
        alike = PurchaseInvoice.objects.unsettled().filter(
            company=OuterRef("company"),
            supplier=OuterRef("invoice__supplier"),
            gross_amount=OuterRef("invoice__gross_amount"),
            kind=Kind.INVOICE,
        )
        settled = settled.filter(Exists(alike))
    else:
        amounts = [Decimal(cents) / 100 for cents in of_cents]
        # The company and what is paid are said of the invoice too, for its index.
        settled = settled.filter(
            invoice__company=OF_COMPANY, invoice__settled_cents__gt=0, invoice__gross_amount__in=amounts
        )
    ends = ("invoice__issued_on", "transaction__booked_on")
    return _rows(settled, "invoice__supplier_id", in_cents(F("invoice__gross_amount")), *ends)


def _memory(
    aliases: Iterable[tuple[str, str]], no: Iterable[tuple[str, str, str]], lags: Iterable[tuple[str, int, str, str]]
) -> Memory:
    by_state = defaultdict[bool, set[tuple[str, str]]](set)
    for invoice_id, line_id, state in no:
        by_state[state in AGAINST].add((invoice_id, line_id))
    refused, doubted = frozenset(by_state[True]), frozenset(by_state[False])
    return Memory(aliases=_meant(aliases), refused=refused, doubted=doubted, lags=_days(lags))


def _days(lags: Iterable[tuple[str, int, str, str]]) -> dict[tuple[str, int], frozenset[int]]:
    found: defaultdict[tuple[str, int], frozenset[int]] = defaultdict(frozenset)
    for supplier_id, amount, issued_on, booked_on in lags:
        found[str(supplier_id), amount] |= {(date.fromisoformat(booked_on) - date.fromisoformat(issued_on)).days}
    return found


def _meant(aliases: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A label's core or a creditor identifier → the one supplier that people always confirmed for it."""
    return {key: meant[0] for key, meant in _gathered(aliases).items() if len(set(meant)) == 1}


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _automated(accounts: Iterable[tuple[str, str, int | None]], how: Automation) -> frozenset[str]:
    return frozenset(key for key, automation, _ in accounts if automation == how)


def _policy(company: Company, accounts: Iterable[tuple[str, str, int | None]]) -> Policy:
    return Policy(
        weights=weights_of(company),
        accounts_without_auto=_automated(accounts, Automation.OFF),
        caps_cents={key: cap for key, _, cap in accounts if cap is not None},
    )
