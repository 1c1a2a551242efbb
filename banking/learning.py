"""What people confirmed, refused and undid, remembered at once: bank words and SEPA creditors of each supplier."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from banking.match_asking import ask_for_match
from banking.matching.labels import read_label
from banking.models import AliasKind, BankAlias, Match
from banking.runs.facts import whole_label

SHORTEST_LABEL = 4
KEY_LENGTH = 200


def learn_from(rows: Sequence[Match], *, at: datetime) -> None:
    """Remember that the words of these lines mean the supplier of these invoices, where it is one."""
    for kind, key, supplier_id in _keys(rows):
        known, is_new = BankAlias.objects.get_or_create(
            company_id=rows[0].company_id, kind=kind, key=key, supplier_id=supplier_id, defaults={"learnt_at": at}
        )
        if not is_new:
            BankAlias.objects.filter(pk=known.pk).update(times=F("times") + 1, learnt_at=at)


def unlearn_from(rows: Sequence[Match]) -> list[dict]:
    """Forget what these rows taught, or what contradicts a person who now says no; → what that was, for `relearn`."""
    unlearnt = []
    for kind, key, supplier_id in _keys(rows):
        known = BankAlias.objects.filter(company=rows[0].company_id, kind=kind, key=key, supplier_id=supplier_id)
        for alias in known:
            learnt = {"times": alias.times, "learnt_at": alias.learnt_at.isoformat()}
            unlearnt.append({"kind": kind, "key": key, "supplier": str(supplier_id), **learnt})
        known.delete()
    return unlearnt


def relearn(rows: Sequence[Match]) -> None:
    """Remember anew what the no to these rows made forget, where their purchase still is of that supplier."""
    supplier_id = rows[0].invoice.supplier_id
    for told in (told for row in rows for told in row.unlearnt or []):
        if told["supplier"] != str(supplier_id):
            continue
        own = {"company_id": rows[0].company_id, "supplier_id": supplier_id, "kind": told["kind"], "key": told["key"]}
        learnt = {"times": told["times"], "learnt_at": datetime.fromisoformat(told["learnt_at"])}
        known, is_new = BankAlias.objects.get_or_create(**own, defaults=learnt)
        if not is_new:
            BankAlias.objects.filter(pk=known.pk).update(times=F("times") + told["times"])


def _keys(rows: Sequence[Match]) -> Iterator[tuple[str, str, UUID]]:
    """(kind, key, supplier) that the lines tell; nothing where several suppliers, or a person, were paid."""
    supplier_id = rows[0].invoice.supplier_id
    if supplier_id is None or any(row.invoice.supplier_id != supplier_id or _is_advanced(row) for row in rows):
        return
    for kind, key in sorted(set(_told(rows))):
        yield kind, key[:KEY_LENGTH], supplier_id


def _told(rows: Iterable[Match]) -> Iterator[tuple[str, str]]:
    for row in rows:
        line = row.transaction
        label = read_label(whole_label(line), line.booked_on)
        if len(label.core) >= SHORTEST_LABEL:
            yield AliasKind.LABEL, label.core
        if creditor := line.creditor_identifier or label.creditor:
            yield AliasKind.CREDITOR, creditor


def _is_advanced(row: Match) -> bool:
    """A refund to a person says nothing of the shop where the money was spent."""
    method = row.invoice.payment_method
    return method is not None and method.is_off_bank


def lock_learnt(*, company_id: UUID, supplier_ids: Iterable[UUID]) -> None:
    """Lock what is known of these suppliers, in the order in which a decision touches it.

    For who decides of many at once: two of them, or one beside a single decision, then never wait for each other.
    """
    known = BankAlias.objects.filter(company=company_id, supplier__in=supplier_ids).order_by("kind", "key", "pk")
    list(known.select_for_update().values_list("pk"))


@transaction.atomic
def forget_alias(*, alias: BankAlias) -> None:
    """Forget that these bank words mean this supplier, and look anew at what is open."""
    alias.delete()
    ask_for_match(company_id=alias.company_id)
