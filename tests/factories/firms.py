"""Rows of `firms` for tests: FirmFactory, UserFactory, MembershipFactory, CompanyFactory.

- `FirmFactory()`: a firm with its integration defaults, through `open_firm`.
- `CompanyFactory(firm=…, code=…, name=…)`: a company ready to use (chart, years, payment methods, Dext settings),
  through `open_company`.
- `UserFactory(email=…)`: signs in with the password `PASSWORD`.
- `MembershipFactory(user=…, firm=…, role=…)`: a member who sees every company; `chosen=[company]` only those.
- `member_of(company, role=Role.ACCOUNTANT)`: a new user who may work in `company`.
"""

import factory
from factory.django import DjangoModelFactory

from desk.firm_opening import open_firm
from desk.opening import open_company
from firms.models import Company, Firm, Membership, Role, User

PASSWORD = "une-phrase-de-passe-des-tests"


class FirmFactory(DjangoModelFactory):
    class Meta:
        model = Firm

    code = factory.Sequence(lambda n: f"CAB{n}")
    name = factory.LazyAttribute(lambda firm: f"Cabinet {firm.code}")

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return open_firm(**fields)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"membre{n}@cabinet.test")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return User.objects.create_user(**fields)


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    firm = factory.SubFactory(FirmFactory)
    code = factory.Sequence(lambda n: f"D{n}")
    name = factory.LazyAttribute(lambda company: f"Dossier {company.code}")

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return open_company(**fields)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    firm = factory.SubFactory(FirmFactory)
    role = Role.ACCOUNTANT
    sees_all_companies = True

    @factory.post_generation
    def chosen(self, create, companies, **kwargs):
        if companies is not None:
            self.sees_all_companies = False
            self.save()
            self.companies.set(companies)


def member_of(company: Company, role: Role = Role.ACCOUNTANT) -> User:
    """A new user with `role` in the firm of `company`, who sees all of its companies."""
    return MembershipFactory(firm=company.firm, role=role).user
