"""Which companies a consent reaches: boxes, and a search that forgets none that is ticked."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict

from firms.models import Company, CompanyQuerySet

SHOWN_AT_MOST = 50


class ConsentForm(forms.Form):
    """« Dossiers »: at least one of `companies`."""

    q = forms.CharField(label="Rechercher un dossier", max_length=100, required=False)
    dossiers = forms.ModelMultipleChoiceField(
        label="Dossiers",
        queryset=Company.objects.none(),
        error_messages={
            "required": "Cochez au moins un dossier, ou refusez.",
            "invalid_choice": "Un des dossiers cochés n’est plus ouvert à la publication. Vérifiez votre choix.",
            "invalid_pk_value": "Un des dossiers cochés n’existe pas. Vérifiez votre choix.",
        },
    )

    def __init__(self, data: QueryDict | None = None, *, companies: CompanyQuerySet, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.ids = _ids(data.getlist("dossiers") if data else [])
        self.companies = companies.select_related("firm").in_french_order()
        cast(forms.ModelMultipleChoiceField, self.fields["dossiers"]).queryset = companies

    @property
    def words(self) -> str:
        return self.data.get("q", "").strip()[:100]

    def look(self) -> None:
        """Find the ticked companies and those of the search: two queries. A lone company is ticked at first."""
        ticked = self.companies.filter(pk__in=self.ids)
        self.ticked = list(ticked) if self.ids else []
        found = self.companies.search(self.words).exclude(pk__in=[row.pk for row in self.ticked])
        self.found = list(found[: SHOWN_AT_MOST + 1])
        self.has_more, self.found = len(self.found) > SHOWN_AT_MOST, self.found[:SHOWN_AT_MOST]
        if not self.is_bound and len(self.found) == 1:
            self.ticked, self.found = self.found, []

    @property
    def rows(self) -> list[tuple[Company, bool]]:
        """What was looked for, the ticked ones first, each with whether it is."""
        return [(row, True) for row in self.ticked] + [(row, False) for row in self.found]


def _ids(texts: Iterable[str]) -> list[UUID]:
    """Those of `texts` that are ids at all."""
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids
