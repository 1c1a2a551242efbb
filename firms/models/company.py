from typing import TYPE_CHECKING, Self

from django.contrib.postgres.lookups import Unaccent
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren

from firms.keys import uuid7_key
from firms.models.firm import Firm

if TYPE_CHECKING:
    from firms.models.user import User


def validate_siren(value: str) -> None:
    """Refuse what is no SIREN (nine digits, Luhn; INSEE never gave 000000000)."""
    try:
        if siren.validate(value) == "000000000":
            raise ValidationError(f"«\u00a0{value}\u00a0» n’est pas un numéro SIREN.")
    except NumberError as error:
        raise ValidationError(
            f"«\u00a0{value}\u00a0» n’est pas un numéro SIREN\u00a0: vérifiez ses neuf chiffres."
        ) from error


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: "User") -> Self:
        """The companies of which this user may know."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = user.memberships.filter(is_active=True)
        whole_firms = mine.filter(sees_all_companies=True).values("firm")
        chosen = mine.filter(sees_all_companies=False, companies=models.OuterRef("pk"))
        return self.filter(models.Q(firm__in=whole_firms) | models.Exists(chosen))

    def telling_whose(self, user: "User") -> Self:
        """`is_theirs`: whether a company is the work of `user`, entrusted to him or chosen for him one by one."""
        mine = user.memberships.filter(is_active=True)
        chosen = mine.filter(sees_all_companies=False, companies=models.OuterRef("pk"))
        entrusted = mine.filter(entrusted=models.OuterRef("pk"))
        return self.annotate(is_theirs=models.Exists(entrusted) | models.Exists(chosen))

    def in_french_order(self) -> Self:
        """By name, « Épicerie » between « Dépôt » and « Ferme »."""
        return self.order_by(Unaccent(Lower("name")), "code")

    def search(self, words: str) -> Self:
        """Those whose name, code or SIREN contains `words`, whatever their case and accents."""
        if not words:
            return self
        bare = words.replace("\0", "").strip()
        named = models.Q(name__unaccent__icontains=bare) | models.Q(code__icontains=bare)
        return self.filter(named | models.Q(siren__startswith=bare.replace(" ", "")))


class Company(models.Model):
    """A client of the firm whose books are kept: « dossier »."""

    id = uuid7_key()
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="companies", verbose_name="cabinet")
    code = models.SlugField("code", max_length=20)
    name = models.CharField("nom", max_length=120)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    currency = models.CharField("devise", max_length=3, default="EUR")
    is_active = models.BooleanField("actif", default=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    role: str | None = None  # what the asking user is in it, where `access.company_for` found it

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        verbose_name_plural = "dossiers"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["firm", "code"], name="company_code_unique_in_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.code}"
