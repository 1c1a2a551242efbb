"""Rows of `banking` for tests.

- `BankAccountFactory(company=…)`; `BankTransactionFactory(account=…, booked_on=…, amount=…, label=…)`: a line of a
  statement of that account.
"""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from banking.models import BankAccount, BankStatement, BankTransaction, ImportState, StatementImport
from tests.factories.firms import CompanyFactory


class BankAccountFactory(DjangoModelFactory):
    class Meta:
        model = BankAccount

    company = factory.SubFactory(CompanyFactory)
    key = factory.Sequence(lambda n: f"30004-00123-{n:011d}")
    label = "Compte courant"


class StatementImportFactory(DjangoModelFactory):
    class Meta:
        model = StatementImport

    company = factory.SubFactory(CompanyFactory)
    filename = "relevé.txt"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    state = ImportState.DONE


class BankStatementFactory(DjangoModelFactory):
    class Meta:
        model = BankStatement

    account = factory.SubFactory(BankAccountFactory)
    company = factory.SelfAttribute("account.company")
    statement_import = factory.SubFactory(StatementImportFactory, company=factory.SelfAttribute("..company"))
    format = "ofx"


class BankTransactionFactory(DjangoModelFactory):
    class Meta:
        model = BankTransaction

    account = factory.SubFactory(BankAccountFactory)
    company = factory.SelfAttribute("account.company")
    statement = factory.SubFactory(BankStatementFactory, account=factory.SelfAttribute("..account"))
    booked_on = date(2019, 9, 26)
    amount = Decimal("-12.00")
    label = "CB FOURNITURES DU NORD 2509 LILLE"
    bank_reference = factory.Sequence(lambda n: f"REF{n:06d}")
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
