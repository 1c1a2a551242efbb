"""Which of a company's bank accounts a person means, and how a statement that names none is told of it."""

from collections.abc import Sequence

from stdnum import iban as iban_number

from banking.models import BankAccount
from banking.statements.account import AccountKey
from firms.models import Company

CARD = "carte-"


class NoSuchAccount(Exception):
    """No account of the company, or more than one, answers to the words. `str()` is a French sentence."""


def account_by_words(*, company: Company, words: str) -> BankAccount:
    """The account whose key, IBAN or RIB is `words`; else the only one that ends with these four figures.

    Raises NoSuchAccount.
    """
    known = list(BankAccount.objects.filter(company=company).order_by("label", "pk"))
    found = _exactly(known, words) or [one for one in known if len(words) == 4 and one.last_four == words]
    if len(found) == 1:
        return found[0]
    names = " ; ".join(f"{account} ({account.key})" for account in found or known) or "aucun"
    what = "Plusieurs comptes répondent" if found else f"Le dossier {company.name} n’a pas de compte qui réponde"
    raise NoSuchAccount(f"{what} à « {words} ». Comptes du dossier : {names}.")


def account_or_new(*, company: Company, words: str, create: bool) -> BankAccount:
    """As `account_by_words`; where `create` allows it, an account unknown yet is made from its IBAN."""
    try:
        return account_by_words(company=company, words=words)
    except NoSuchAccount:
        if not (create and iban_number.is_valid(words)):
            raise
    return create_account(company=company, key=AccountKey.from_iban(words), currency="EUR")


def create_account(*, company: Company, key: AccountKey, currency: str) -> BankAccount:
    """The account of this identity, under a first name that a person may better."""
    return BankAccount.objects.create(
        company=company,
        key=key.key,
        label="Carte" if key.card else f"Compte {key.bank or key.iban[:4]}"[:80],
        bank_code=key.bank[:20],
        branch_code=key.branch[:20],
        number=(key.number or key.card)[:34],
        iban=key.iban[:34],
        last_four=key.last_four,
        currency=currency,
    )


def _exactly(known: Sequence[BankAccount], words: str) -> list[BankAccount]:
    by_key = [account for account in known if account.key == words.strip()]
    meant = AccountKey.from_ofx("", "", words)
    return by_key or [one for one in known if meant.key and meant.key in {one.key, told_key(one).key}]


def told_key(account: BankAccount) -> AccountKey:
    """The identity under which `recognising` finds this account again."""
    if account.key.startswith(CARD):
        return AccountKey(card=account.number or account.key.removeprefix(CARD))
    if account.number:
        return AccountKey(bank=account.bank_code, branch=account.branch_code, number=account.number, iban=account.iban)
    return AccountKey.from_iban(account.iban) if account.iban else AccountKey(iban=account.key)


def could_be(account: BankAccount, key: AccountKey) -> bool:
    """True where nothing that we know of the account contradicts that it is the one of the file."""
    is_unnamed = not (account.number or account.iban)
    same_end = bool(account.last_four) and account.last_four == key.last_four
    return is_unnamed or same_end or key.fits(told_key(account))
