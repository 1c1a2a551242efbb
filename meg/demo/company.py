"""Who is in the demonstration: the firm, its people, the company with its years and payment methods. May run twice."""

from datetime import date

from django.db import transaction

from achats.models import MethodKind, PaymentMethod
from banking.models import BankAccount, PaymentMethodMapping
from desk.firm_opening import open_firm
from desk.opening import open_company
from firms.models import Company, Firm, Membership, Role, User
from ledger.models import FiscalYear
from meg.demo.statement import ACCOUNTS
from meg.demonstration import CODE

PASSWORD = "demo-meg-2026"  # noqa: S105 - public, and refused in production
ADMINISTRATOR, ACCOUNTANT, READER = "admin@demo.test", "comptable@demo.test", "lecteur@demo.test"
LOCKED_UNTIL = date(2019, 7, 31)
CARD, PERSONAL = "Paiement Pro (1234)", "Frais du gérant"
# Which methods draw on the current account; « Carte bancaire » is left without one, for the warning to show.
ON_THE_CURRENT_ACCOUNT = (CARD, "Virement", "Prélèvement", "Chèque")


@transaction.atomic
def open_demonstration(*, year: int) -> Company:
    """The company DEMO of the firm DEMO, open for 2019 (from 1 August) and for `year`, with its people."""
    firm = Firm.objects.filter(code=CODE).first() or open_firm(code=CODE, name="Cabinet DEMO")
    people = {role: _person(firm, email, role) for email, role in _people()}
    company = firm.companies.filter(code=CODE).first() or open_company(
        firm=firm, code=CODE, name="Boulangerie Martin", by=people[Role.ADMINISTRATOR].user
    )
    people[Role.READER].companies.add(company)
    _open_years(company, year)
    _give_payment_methods(company)
    return company


def _people() -> list[tuple[str, Role]]:
    return [(ADMINISTRATOR, Role.ADMINISTRATOR), (ACCOUNTANT, Role.ACCOUNTANT), (READER, Role.READER)]


def _person(firm: Firm, email: str, role: Role) -> Membership:
    """A user who signs in with the password that everyone knows; the reader sees the company DEMO only."""
    is_administrator = role == Role.ADMINISTRATOR
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, PASSWORD, is_staff=is_administrator, is_superuser=is_administrator
    )
    return Membership.objects.get_or_create(
        user=user, firm=firm, defaults={"role": role, "sees_all_companies": role != Role.READER}
    )[0]


def _open_years(company: Company, year: int) -> None:
    for opened in (2019, year):
        FiscalYear.objects.get_or_create(
            company=company, starts_on=date(opened, 1, 1), defaults={"ends_on": date(opened, 12, 31)}
        )
    company.fiscal_years.exclude(starts_on__year__in=(2019, year)).delete()
    company.bookkeeping.locked_until = LOCKED_UNTIL
    company.bookkeeping.save(update_fields=["locked_until"])


def _give_payment_methods(company: Company) -> None:
    PaymentMethod.objects.get_or_create(
        company=company, label=CARD, defaults={"kind": MethodKind.CARD, "last_four": "1234"}
    )
    partners = company.accounts.get(code="45510000")
    personal = {"kind": MethodKind.PERSONAL, "person_name": "Gérant", "person_account": partners}
    PaymentMethod.objects.get_or_create(company=company, label=PERSONAL, defaults=personal)


@transaction.atomic
def name_bank_accounts(company: Company) -> None:
    """Label the accounts that the statement brought, and map the payment methods to the current one."""
    accounts = {}
    for demo in ACCOUNTS:
        accounts[demo.key] = BankAccount.objects.get(company=company, number=demo.number)
        accounts[demo.key].label = demo.label
        accounts[demo.key].ledger_account = company.accounts.filter(code="51210000").first()
        accounts[demo.key].save(update_fields=["label", "ledger_account"])
    for method in company.payment_methods.filter(label__in=ON_THE_CURRENT_ACCOUNT):
        PaymentMethodMapping.objects.get_or_create(
            company=company, payment_method=method, defaults={"bank_account": accounts["main"]}
        )
