"""« Notes de frais »: who paid with their own money, and the payment method that leads to their account."""

import re

from achats.models import MethodKind, PaymentMethod
from firms.folding import fold
from firms.models import Company

_PERSONAL = re.compile(r"\b(perso|personnel(le)?s?|personal|notes? de frais|own money|avance[rs]? de frais)\b")


def says_personal(label: str) -> bool:
    """« Espèces perso », « Note de frais »: a label that means a person's own money. Pure."""
    return bool(_PERSONAL.search(fold(label)))


def is_of_nobody(method: PaymentMethod) -> bool:
    """A personal method that names no person (« Personnel »): whose it is, the owner says."""
    return method.kind == MethodKind.PERSONAL and not (method.person_email or method.person_name)


def personal_method_of(*, company: Company, name: str, email: str) -> PaymentMethod | None:
    """The personal method of one person, by e-mail, else by folded name; None where none or several answer.

    A name does not answer where its e-mail and the one given are two: they are two people.
    """
    rows = PaymentMethod.objects.filter(company=company, is_active=True, kind=MethodKind.PERSONAL).order_by("id")
    methods = [method for method in rows if not is_of_nobody(method)]
    found = [method for method in methods if email and method.person_email.casefold() == email.casefold()]
    if not found and fold(name):
        named = [method for method in methods if fold(method.person_name) == fold(name)]
        found = [method for method in named if not (email and method.person_email)]
    return found[0] if len(found) == 1 else None
