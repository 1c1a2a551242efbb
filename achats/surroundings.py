"""What stands around the list of purchases: the counts of its tabs, and what its filters offer; one query for all."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from achats.listing import COUNTED_TABS, Listing
from achats.models import PaymentMethod, Supplier
from firms.folding import fold
from firms.models import Company
from firms.paging import capped_count
from ledger.models import Account

COUNTED_AT_MOST = 9_999
SUPPLIERS_OFFERED = 300


@dataclass(frozen=True)
class Surroundings:
    """`counts`: the rows of each tab of work under the filters in force, counted no further than 10,000."""

    counts: dict[str, int]


def surroundings_of(listing: Listing) -> Surroundings:
    """Ask what stands around `listing`, and give the lists of its form their choices."""
    counted = {f"tab_{place}": _counted(listing, tab) for place, tab in enumerate(COUNTED_TABS)}
    asked: dict[str, Any] = {**counted, **_offered(listing)}
    found: Any = Company.objects.filter(pk=listing.company.pk).values(**asked).get()
    listing.form.offer(_choices(found))
    return Surroundings({tab: found[f"tab_{place}"] for place, tab in enumerate(COUNTED_TABS)})


def _counted(listing: Listing, tab: str):
    return capped_count(listing.rows(tab), COUNTED_AT_MOST + 1)


def _offered(listing: Listing) -> dict[str, ArraySubquery]:
    company, chosen = listing.company, listing.form.chosen
    suppliers = Supplier.objects.filter(company=company)
    first = suppliers.order_by("folded_name").values("pk")[:SUPPLIERS_OFFERED]
    accounts = Account.objects.filter(Q(is_purchase_allowed=True) | Q(code=chosen.get("compte")), company=company)
    return {
        "fournisseur": _listed(suppliers.filter(Q(pk__in=first) | Q(pk=chosen.get("fournisseur"))), "pk", "name"),
        "compte": _listed(accounts, "code", "label"),
        "paiement": _listed(PaymentMethod.objects.filter(company=company), "pk", "label"),
    }


def _listed(rows: QuerySet, value: str, words: str) -> ArraySubquery:
    choice = JSONObject(value=Cast(value, TextField()), words=words)
    return ArraySubquery(rows.order_by().values(choice=choice))


def _choices(found: dict) -> dict[str, list[tuple[str, str]]]:
    """Accounts by number, the others by name."""
    accounts = sorted((row["value"], f"{row['value']} {row['words']}") for row in found["compte"])
    named = {
        name: sorted(((row["value"], row["words"]) for row in found[name]), key=lambda choice: fold(choice[1]))
        for name in ("fournisseur", "paiement")
    }
    return {"compte": accounts, **named}
