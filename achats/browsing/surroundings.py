"""What stands around the list of purchases: the counts of its tabs, and what its filters offer; one query for all."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils import timezone

from achats.browsing.listing import COUNTED_TABS, Listing
from achats.models import CorrectionDeed, CorrectionRun, PaymentMethod, SavedView, Supplier
from achats.suppliers.choices import CHOICE_WORDS
from firms.folding import fold
from firms.models import Company, User
from firms.paging import capped_count
from ledger.models import Account, VatCode

COUNTED_AT_MOST = 9_999
# A correction is offered to be taken back as the last one for a day; the history keeps it for ever.
UNDONE_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Surroundings:
    """`counts`: the rows of each tab of work, counted no further than 10,000; empty under filters, see `tab_counts`.

    `views`: the person's own, by name; `deed`: the last correction that he may take back, or `run`, its id where the
    worker made it; `accounts`, those open to purchases: (number, words); `vat_codes`: (id, words).
    """

    counts: dict[str, int]
    views: list[dict[str, str]]
    deed: dict[str, str] | None
    run: str | None
    accounts: list[tuple[str, str]]
    vat_codes: list[tuple[str, str]]


def surroundings_of(listing: Listing, *, person: User) -> Surroundings:
    """Ask what stands around `listing` for `person`, and give its form the words of what it names.

    Under filters nothing is counted: a word that half of a million purchases bear would make the page wait for it.
    """
    company = listing.company
    counted = {} if listing.is_filtered else _counted(listing)
    asked: dict[str, Any] = {**counted, **_offered(listing), **_own(company, person)}
    found: Any = Company.objects.filter(pk=company.pk).values(**asked).get()
    accounts = sorted((row["value"], f"{row['value']} {row['words']}") for row in found["compte"])
    suppliers = {row["value"]: row["words"] for row in found.get("fournisseur", [])}
    listing.form.offer(payment=_by_name(found["paiement"]), words={**dict(accounts), **suppliers})
    return Surroundings(
        counts=_counts(found) if counted else {},
        views=sorted(found["views"], key=lambda view: fold(view["name"])),
        deed=found["deed"],
        run=found["run"],
        accounts=accounts,
        vat_codes=sorted((row["value"], row["words"]) for row in found["codes"]),
    )


def _own(company: Company, person: User) -> dict[str, Any]:
    views = SavedView.objects.filter(company=company, user=person).order_by()
    deeds = CorrectionDeed.objects.filter(company=company, by=person).order_by("-id")
    is_recent = timezone.now() - UNDONE_WITHIN
    last = deeds.filter(pk=Subquery(deeds.values("pk")[:1]), undone_at=None, run=None, at__gte=is_recent)
    runs = CorrectionRun.objects.filter(company=company, asked_by=person, asked_at__gte=is_recent).order_by("-id")
    newer = deeds.filter(run=None, pk__gt=OuterRef("pk"))
    return {
        "views": ArraySubquery(views.values(view=JSONObject(id="id", name="name", query="query"))),
        "run": Subquery(runs.filter(~Exists(newer)).values("pk")[:1]),
        "deed": Subquery(last.values(deed=JSONObject(id="id", words="words"))[:1]),
    }


def tab_counts(listing: Listing) -> dict[str, int]:
    """`Surroundings.counts`, asked for once a page of filtered rows stands: one query."""
    return _counts(Company.objects.filter(pk=listing.company.pk).values(**_counted(listing)).get())


def _counted(listing: Listing) -> dict[str, Any]:
    limit = COUNTED_AT_MOST + 1
    return {f"tab_{place}": capped_count(listing.rows(tab), limit) for place, tab in enumerate(COUNTED_TABS)}


def _counts(found: Any) -> dict[str, int]:
    return {tab: found[f"tab_{place}"] for place, tab in enumerate(COUNTED_TABS)}


def _offered(listing: Listing) -> dict[str, ArraySubquery]:
    company, chosen = listing.company, listing.form.chosen
    suppliers = Supplier.objects.filter(company=company).annotate(said=CHOICE_WORDS)
    of_one = (
        {"fournisseur": _listed(suppliers.filter(pk=pk), "pk", "said")} if (pk := chosen.get("fournisseur")) else {}
    )
    codes = VatCode.objects.filter(company=company, is_active=True)
    accounts = Account.objects.filter(Q(is_purchase_allowed=True) | Q(code=chosen.get("compte")), company=company)
    return {
        **of_one,
        "compte": _listed(accounts, "code", "label"),
        "codes": _listed(codes.annotate(said=Concat("code", Value(" · "), "label")), "pk", "said"),
        "paiement": _listed(PaymentMethod.objects.filter(company=company), "pk", "label"),
    }


def _listed(rows: QuerySet, value: str, words: str) -> ArraySubquery:
    choice = JSONObject(value=Cast(value, TextField()), words=words)
    return ArraySubquery(rows.order_by().values(choice=choice))


def _by_name(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    return sorted(((row["value"], row["words"]) for row in found), key=lambda choice: fold(choice[1]))
