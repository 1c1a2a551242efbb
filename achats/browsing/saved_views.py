"""A person keeps filters of the list under names of his own, in one company."""

from uuid import UUID

from django.db import IntegrityError, transaction

from achats.models import SavedView
from firms.models import Company, User


class ViewNameRefused(Exception):
    """The name is empty or taken. `str()` is one French sentence."""


def save_view(*, company: Company, user: User, name: str, query: str) -> SavedView:
    """Keep `query` under `name`; a view of that name is overwritten. Raises ViewNameRefused."""
    values = {"query": query[:1000]}
    view, _ = SavedView.objects.update_or_create(company=company, user=user, name=_name(name), defaults=values)
    return view


def rename_view(*, company: Company, user: User, view_id: UUID, name: str) -> None:
    """Give one's view another name; nothing where it is gone. Raises ViewNameRefused."""
    try:
        with transaction.atomic():
            SavedView.objects.filter(company=company, user=user, pk=view_id).update(name=_name(name))
    except IntegrityError as taken:
        raise ViewNameRefused(f"Une autre de vos vues s’appelle déjà «\u00a0{name.strip()}\u00a0».") from taken


def delete_view(*, company: Company, user: User, view_id: UUID) -> None:
    SavedView.objects.filter(company=company, user=user, pk=view_id).delete()


def _name(text: str) -> str:
    name = text.strip()[:60]
    if not name:
        raise ViewNameRefused("Donnez un nom à cette vue.")
    return name
