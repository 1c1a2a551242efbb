"""Rows of `ledger` for tests: AccountFactory, VatCodeFactory.

A company of `CompanyFactory` has the whole chart already: `company.accounts.get(code="62570000")`,
`company.vat_codes.get(code="TVA20")` (also TVA10, TVA5_5, TVA2_1, TVAMULTI, CARB80, ND20, AL20, UE20, EXO, SANS).
"""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from ledger.models import Account, VatCode, VatKind
from tests.factories.firms import CompanyFactory


class VatCodeFactory(DjangoModelFactory):
    class Meta:
        model = VatCode

    company = factory.SubFactory(CompanyFactory)
    code = factory.Sequence(lambda n: f"T{n}")
    label = "Code de test"
    kind = VatKind.DEDUCTIBLE
    rate = Decimal("20.00")


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = Account

    company = factory.SubFactory(CompanyFactory)
    code = factory.Sequence(lambda n: f"699{n:05d}")
    label = "Compte de test"
