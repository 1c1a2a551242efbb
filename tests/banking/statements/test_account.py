import pytest

from banking.statements.account import KEY_LENGTH, AccountKey


def test_cfonb_ofx_and_iban_of_one_account_give_one_key() -> None:
    keys = {
        AccountKey.from_rib("30004", "00123", "00012345678").key,
        AccountKey.from_ofx("30004", "00123", "00012345678").key,
        AccountKey.from_ofx("30004", "123", "12345678").key,
        AccountKey.from_ofx("", "", "FR76 3000 4001 2300 0123 4567 843").key,
        AccountKey.from_ofx("30004", "", "30004001230001234567843").key,
        AccountKey.from_iban("FR7630004001230001234567843").key,
    }
    assert keys == {"30004-00123-00012345678"}


def test_the_iban_of_a_french_account_is_reckoned_from_its_parts() -> None:
    assert AccountKey.from_rib("30006", "00001", "12345678901").iban == "FR7630006000011234567890189"
    assert AccountKey.from_rib("20041", "01005", "0500013M026").iban == "FR1420041010050500013M02606"


def test_a_foreign_iban_is_its_own_key() -> None:
    assert AccountKey.from_ofx("37040044", "", "DE89 3704 0044 0532 0130 00").key == "DE89370400440532013000"


def test_an_account_number_that_only_looks_like_an_iban_stays_a_number() -> None:
    account = AccountKey.from_ofx("123456789", "", "DE00370400440532013000")
    assert (account.iban, account.number) == ("", "DE00370400440532013000")


def test_a_card_is_known_by_its_account_number() -> None:
    account = AccountKey.from_card("4970 XXXX XXXX 1234")
    assert (account.key, account.last_four) == ("carte-4970XXXXXXXX1234", "1234")


def test_the_last_four_are_those_of_the_account_and_not_of_the_rib_key() -> None:
    assert AccountKey.from_iban("FR7630004001230001234567843").last_four == "5678"


def test_without_a_branch_bank_and_number_decide() -> None:
    known, bare = AccountKey.from_rib("30004", "00123", "00012345678"), AccountKey.from_ofx("30004", "", "00012345678")
    assert bare.fits(known)
    assert not AccountKey.from_rib("30004", "00999", "00012345678").fits(known)
    assert not AccountKey.from_ofx("30002", "", "00012345678").fits(known)
    assert not AccountKey.from_card("1234").fits(AccountKey.from_card("5678"))


@pytest.mark.parametrize("tail", ["1", "2"])
def test_a_key_never_outgrows_its_column_and_stays_its_own(tail: str) -> None:
    long = AccountKey.from_ofx("1" * 20, "2" * 22, "3" * 21 + tail)
    other = AccountKey.from_ofx("1" * 20, "2" * 22, "3" * 21 + "9")
    assert len(long.key) == KEY_LENGTH
    assert long.key != other.key
