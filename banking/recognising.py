"""Which bank account of a company a statement is of; by its key, or by bank and number where a branch is missing."""

from collections.abc import Sequence

from banking.models import BankAccount
from banking.statements.account import AccountKey
from banking.statements.statement import Statement
from firms.models import Company


class UnknownBankAccount(Exception):
    """The company has no such account. `message` is for the accountant, `account` says which."""

    def __init__(self, account: AccountKey, company: Company) -> None:
        self.account = account
        self.message = (
            f"Refusé : le dossier {company.name} n’a pas le compte « {account.key} ». "
            "Créez ce compte, ou demandez sa création avec l’import."
        )
        super().__init__(self.message)


class WrongCurrency(Exception):
    """The statement's currency is not the account's."""

    def __init__(self, account: BankAccount, currency: str) -> None:
        self.message = (
            f"Refusé : le relevé est en {currency}, le compte {account} est tenu en {account.currency}. "
            "Corrigez la devise du compte, ou choisissez un autre relevé."
        )
        super().__init__(self.message)


def recognise_accounts(
    *, company: Company, statements: Sequence[Statement], create: bool = False
) -> dict[AccountKey, BankAccount]:
    """The account of each statement, made where `create` allows it.

    Raises UnknownBankAccount or WrongCurrency. Call it in a transaction that holds the company.
    """
    known = list(BankAccount.objects.filter(company=company))
    found: dict[AccountKey, BankAccount] = {}
    for statement in statements:
        if statement.account not in found:
            account = _find(known, statement.account)
            if account is None:
                account = _create(company, statement, create=create)
                known.append(account)
            found[statement.account] = account
        if found[statement.account].currency != statement.currency:
            raise WrongCurrency(found[statement.account], statement.currency)
    return found


def _find(known: Sequence[BankAccount], key: AccountKey) -> BankAccount | None:
    """The one account of this key; else the only one that may be it."""
    exact = [account for account in known if account.key == key.key]
    fitting = exact or [account for account in known if any(key.fits(form) for form in _forms(account))]
    return fitting[0] if len(fitting) == 1 else None


def _forms(account: BankAccount) -> list[AccountKey]:
    """An account made by hand may have been told by its IBAN alone."""
    forms = [AccountKey(bank=account.bank_code, branch=account.branch_code, number=account.number)]
    return [*forms, AccountKey.from_iban(account.iban)] if account.iban else forms


def _create(company: Company, statement: Statement, *, create: bool) -> BankAccount:
    key = statement.account
    if not create:
        raise UnknownBankAccount(key, company)
    return BankAccount.objects.create(
        company=company,
        key=key.key,
        label="Carte" if key.card else f"Compte {key.bank or key.iban[:4]}"[:80],
        bank_code=key.bank[:20],
        branch_code=key.branch[:20],
        number=(key.number or key.card)[:34],
        iban=key.iban[:34],
        last_four=key.last_four,
        currency=statement.currency,
    )
