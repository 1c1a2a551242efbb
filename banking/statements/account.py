"""Which bank account a file speaks of, told alike in CFONB, OFX and IBAN form."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Self

KEY_LENGTH: Final = 40

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z*]")
# Monaco shares the French structure: bank 5, branch 5, account 11, key 2.
_FRENCH_IBAN = re.compile(r"(?:FR|MC)[0-9]{2}([0-9]{5})([0-9]{5})([0-9A-Z]{11})[0-9]{2}")
_FOREIGN_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_FRENCH_CODE = re.compile(r"[0-9]{1,5}")
_FRENCH_NUMBER = re.compile(r"[0-9A-Z]{1,11}")
# RIB key: letters count as digits, A–I 1–9, J–R 1–9, S–Z 2–9.
_RIB_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def _bare(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text.upper())


@dataclass(frozen=True, slots=True)
class AccountKey:
    """An account as bank (5), branch (5) and number (11), or as a foreign IBAN, or as a card."""

    bank: str = ""
    branch: str = ""
    number: str = ""
    iban: str = ""
    card: str = ""

    @classmethod
    def from_rib(cls, bank: str, branch: str, number: str) -> Self:
        """A French account by its parts; the IBAN is reckoned (RIB key and ISO 7064 mod 97)."""
        bank, branch, number = _bare(bank).zfill(5), _bare(branch).zfill(5), _bare(number).zfill(11)
        return cls(bank=bank, branch=branch, number=number, iban=_french_iban(bank, branch, number))

    @classmethod
    def from_iban(cls, text: str) -> Self:
        """An account by its IBAN; a French one is known by its parts."""
        iban = _bare(text)
        if french := _FRENCH_IBAN.fullmatch(iban):
            bank, branch, number = french.groups()
            return cls(bank=bank, branch=branch, number=number, iban=iban)
        return cls(iban=iban)

    @classmethod
    def from_card(cls, text: str) -> Self:
        """A card account, known by what the bank prints of its number."""
        return cls(card=_bare(text))

    @classmethod
    def from_ofx(cls, bank: str, branch: str, number: str) -> Self:
        """OFX BANKID, BRANCHID and ACCTID, this last perhaps an IBAN or a whole RIB of 23 characters."""
        bank, branch, number = _bare(bank), _bare(branch), _bare(number)
        if _FRENCH_IBAN.fullmatch(number) or _is_iban(number):
            return cls.from_iban(number)
        if len(number) == 23 and (not bank or number.startswith(bank.zfill(5))) and number[:10].isdigit():
            return cls.from_rib(number[:5], number[5:10], number[10:21])
        if not (_FRENCH_CODE.fullmatch(bank) and _FRENCH_NUMBER.fullmatch(number)):
            return cls(bank=bank, branch=branch, number=number)
        if len(bank) == len(branch) == 5 and branch.isdigit():
            return cls.from_rib(bank, branch, number)
        return cls(bank=bank.zfill(5), branch=branch.zfill(5) if branch else "", number=number.zfill(11))

    @property
    def key(self) -> str:
        """The canonical text: « 30004-00123-00012345678 », « DE89370400440532013000 », « carte-4970…1234 »."""
        text = (
            f"carte-{self.card}"
            if self.card
            else f"{self.bank}-{self.branch}-{self.number}"
            if self.number
            else self.iban
        )
        if len(text) <= KEY_LENGTH:
            return text
        return f"{text[: KEY_LENGTH - 17]}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    @property
    def last_four(self) -> str:
        return (self.card or self.number or self.iban)[-4:]

    def fits(self, other: Self) -> bool:
        """True where both may be one account: some OFX files name no branch, and then bank and number decide."""
        if self.key == other.key:
            return True
        one_lacks_branch = not (self.branch and other.branch)
        return bool(self.number) and one_lacks_branch and (self.bank, self.number) == (other.bank, other.number)


def _french_iban(bank: str, branch: str, number: str) -> str:
    """The IBAN of a French account, or nothing where the parts are not those of one."""
    bban = bank + branch + number
    if len(bban) != 21 or not (bank + branch).isdigit() or not bban.isalnum() or not bban.isascii():
        return ""
    code, counter, account = (int(part.translate(_RIB_DIGITS)) for part in (bank, branch, number))
    bban += f"{97 - (89 * code + 15 * counter + 3 * account) % 97:02d}"
    return f"FR{98 - _mod97(bban + 'FR00'):02d}{bban}"


def _mod97(text: str) -> int:
    return int("".join(str(int(char, 36)) for char in text)) % 97


def _is_iban(text: str) -> bool:
    return bool(_FOREIGN_IBAN.fullmatch(text)) and _mod97(text[4:] + text[:4]) == 1
