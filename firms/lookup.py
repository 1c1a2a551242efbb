"""A company by the code that a person types."""

from firms.models import Company


class CompanyNotFound(Exception):
    """No company bears this code."""


class AmbiguousCompany(Exception):
    """Companies of several firms bear this code."""


def company_by_code(*, code: str, firm_code: str | None = None) -> Company:
    """The company that bears `code`, in the firm `firm_code` where it is given.

    Raises CompanyNotFound or AmbiguousCompany, each with a sentence to show.
    """
    companies = Company.objects.select_related("firm").filter(code=code)
    if firm_code:
        companies = companies.filter(firm__code=firm_code)
    found = list(companies[:2])
    if not found:
        where = f" dans le cabinet «\u00a0{firm_code}\u00a0»" if firm_code else ""
        raise CompanyNotFound(f"Aucun dossier ne porte le code «\u00a0{code}\u00a0»{where}.")
    if len(found) > 1:
        raise AmbiguousCompany(
            f"Plusieurs cabinets ont un dossier «\u00a0{code}\u00a0»\u00a0: précisez le cabinet (--firm)."
        )
    return found[0]
