"""Which bank account of a company a statement is of; by its key, or by bank and number where a branch is missing."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from banking.accounts.choosing import could_be, create_account
from banking.models import BankAccount, BankAccountAlias
from banking.statements.account import AccountKey
from banking.statements.statement import Statement
from firms.models import Company


class UnknownBankAccount(Exception):
    """The company has no such account. `message` is for the accountant, `account` says which, in `currency`."""

    def __init__(self, account: AccountKey, company: Company, currency: str) -> None:
        self.account = account
        self.currency = currency
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
    *, company: Company, statements: Sequence[Statement], create: bool = False, chosen: BankAccount | None = None
) -> dict[AccountKey, BankAccount]:
    """The account of each statement: known, or `chosen` by a person for the one unknown, or made where `create` allows.

    A choice is remembered, unless what we know of the account contradicts it. Raises UnknownBankAccount or
    WrongCurrency. Call it in a transaction that holds the company.
    """
    known = list(BankAccount.objects.filter(company=company))
    aliases = dict(BankAccountAlias.objects.filter(company=company).values_list("key", "account_id"))
    keys = {statement.account: statement for statement in statements}
    found = {key: account for key in keys if (account := _find(known, key, aliases))}
    unknown = [key for key in keys if key not in found]
    if chosen and len(unknown) == 1 and could_be(chosen, unknown[0]):
        found[unknown[0]] = _remember(chosen, unknown[0])
    for key in unknown:
        if key not in found:
            # Of two unknown forms of one account, the first makes it.
            account = _find(known, key, aliases)
            if account is None and not create:
                raise UnknownBankAccount(key, company, keys[key].currency)
            found[key] = account or create_account(company=company, key=key, currency=keys[key].currency)
            known.append(found[key])
    for statement in statements:
        if found[statement.account].currency != statement.currency:
            raise WrongCurrency(found[statement.account], statement.currency)
    return found


def _remember(account: BankAccount, key: AccountKey) -> BankAccount:
    """The account, from now on known by this key too."""
    BankAccountAlias.objects.create(company_id=account.company_id, account=account, key=key.key)
    return account


def _find(known: Sequence[BankAccount], key: AccountKey, aliases: Mapping[str, UUID]) -> BankAccount | None:
    """The one account of this key; else the one that a person said; else the only one that may be it."""
    exact = [account for account in known if account.key == key.key]
    exact = exact or [account for account in known if account.pk == aliases.get(key.key)]
    fitting = exact or [account for account in known if any(key.fits(form) for form in _forms(account))]
    return fitting[0] if len(fitting) == 1 else None


def _forms(account: BankAccount) -> list[AccountKey]:
    """An account made by hand may have been told by its IBAN alone."""
    forms = [AccountKey(bank=account.bank_code, branch=account.branch_code, number=account.number)]
    return [*forms, AccountKey.from_iban(account.iban)] if account.iban else forms
