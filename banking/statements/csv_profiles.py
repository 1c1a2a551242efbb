"""The CSV files of the banks that we know, and MEG's own two layouts. Adding a bank is one entry.

Headers come from what importers and the banks' help pages say. Columns that a bank adds or moves change nothing.
"""

import re
from typing import Final

from banking.statements.csv_layout import Profile
from banking.statements.csv_mapping import folded_header

_DAY: Final = r"[0-9]{2}[/-][0-9]{2}[/-][0-9]{4}"
_MONEY: Final = r"[-+−]?[0-9][0-9 \u00a0\u202f.]*,[0-9]{2}"
# What any bank may print above its table.
PREAMBLE: Final = (
    re.compile(r"\b(?P<iban>[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?)\b"),
    re.compile(r"(?i)\bcompte\b[^\n]*?[ ;:](?P<number>[0-9]{11}|[0-9]{7}[A-Z][0-9]{3})\b"),
    re.compile(r"(?P<masked>[*X]{2,}[0-9]{4})\b"),
    re.compile(rf"(?i)\b(?:entre le|du) (?P<since>{_DAY}) (?:et le|au) (?P<until>{_DAY})"),
    re.compile(rf"(?i)\bsolde\b[^\n]*? au (?P<balance_on>{_DAY})[ ;:]+(?P<balance>{_MONEY})"),
)
_SG: Final = (
    re.compile(
        rf"\A(?P<branch>[0-9]{{5}})(?P<number>[0-9A-Z]{{11}});(?P<since>{_DAY});(?P<until>{_DAY});"
        rf"(?P<count>[0-9]{{1,9}});(?P<balance_on>{_DAY});(?P<balance>{_MONEY})[ \u00a0](?P<currency>[A-Z]{{3}})"
    ),
)
_BNP: Final = (re.compile(rf"\A[^;\n]*;(?P<masked>[^;\n]*);(?P<balance_on>{_DAY});[^;\n]*;(?P<balance>{_MONEY})"),)
_LBP: Final = (
    re.compile(r"(?i)\bnum[ée]ro compte *;+ *(?P<number>[0-9A-Z]{11})\b"),
    re.compile(rf"(?i)^date *;+ *(?P<balance_on>{_DAY})", re.MULTILINE),
    re.compile(rf"(?i)^solde *\(euros\) *;+ *(?P<balance>{_MONEY})", re.MULTILINE),
)

# MEG's own layouts. UTF-8, « ; » or tab, a first line of names (accents and case are indifferent), days as
# jj/mm/aaaa, a decimal comma, euros. « débit » and « crédit » hold positive amounts, one of them a line; « montant »
# is negative for a debit. « solde », where it is there, is the balance after the line, and is verified.
_MEG: Final = (
    Profile("MEG débit/crédit", "dmy", ("date",), ("libelle",), debit="debit", credit="credit", mark=",",
            is_debit_negative=False, is_exact=True),
    Profile("MEG débit/crédit et solde", "dmy", ("date",), ("libelle",), debit="debit", credit="credit", mark=",",
            is_debit_negative=False, balance="solde", is_exact=True),
    Profile("MEG montant", "dmy", ("date",), ("libelle",), amount="montant", mark=",", is_exact=True),
    Profile("MEG montant et solde", "dmy", ("date",), ("libelle",), amount="montant", mark=",", balance="solde",
            is_exact=True),
)  # fmt: skip

PROFILES: Final = (
    Profile(
        "Qonto (français)",
        "dmy",
        booked_on=("date de la valeur local",),
        label=("nom de la contrepartie", "reference"),
        amount="montant total ttc",
        purchased_on="date de l operation local",
        detail=("note",),
        counterparty="nom de la contrepartie",
        reference="reference",
        bank_reference="identifiant de transaction",
        kind="methode de paiement",
        currency="devise",
        account="iban du compte",
        balance="solde",
        status="statut",
        settled=frozenset(["execute", "executee", "regle"]),
        dropped=frozenset(["refuse", "refusee", "en attente", "en cours", "annule", "annulee", "rejete"]),
        original_amount="montant total ttc local",
        original_currency="devise local",
    ),
    Profile(
        "Qonto (anglais)",
        "ymd",
        booked_on=("settlement date local",),
        label=("counterparty name", "reference"),
        amount="total amount incl vat",
        mark=".",
        purchased_on="operation date local",
        detail=("note",),
        counterparty="counterparty name",
        reference="reference",
        bank_reference="transaction id",
        currency="currency",
        account="account iban",
        balance="balance",
        status="status",
        settled=frozenset(["settled", "completed", "executed"]),
        dropped=frozenset(["declined", "pending", "processing", "canceled", "cancelled", "reversed", "on hold"]),
    ),
    Profile(
        "BNP Paribas",
        "dmy",
        booked_on=("date operation",),
        label=("libelle operation",),
        amount="montant operation en euro",
        detail=("libelle court",),
        kind="type operation",
        preamble=_BNP,
    ),
    Profile(
        "Société Générale",
        "dmy",
        booked_on=("date de l operation",),
        label=("detail de l ecriture",),
        amount="montant de l operation",
        detail=("libelle",),
        currency="devise",
        bank_code="30003",
        preamble=_SG,
    ),
    Profile(
        "Crédit Agricole",
        "dmy",
        booked_on=("date",),
        label=("libelle",),
        debit="debit euros",
        credit="credit euros",
        is_debit_negative=False,
        preamble=PREAMBLE,
    ),
    Profile(
        "Banque Populaire, Caisse d’Épargne",
        "dmy",
        booked_on=("date de comptabilisation",),
        label=("libelle operation",),
        debit="debit",
        credit="credit",
        is_debit_negative=True,
        value_on="date de valeur",
        purchased_on="date operation",
        detail=("libelle simplifie",),
        reference="reference",
        preamble=PREAMBLE,
    ),
    Profile(
        "Crédit Mutuel, CIC (débit et crédit)",
        "dmy",
        booked_on=("date",),
        label=("libelle",),
        debit="debit",
        credit="credit",
        is_debit_negative=True,
        value_on="date de valeur",
        balance="solde",
        is_exact=True,
        preamble=PREAMBLE,
    ),
    Profile(
        "Crédit Mutuel, CIC (montant)",
        "dmy",
        booked_on=("date",),
        label=("libelle",),
        amount="montant",
        value_on="date de valeur",
        balance="solde",
        is_exact=True,
        preamble=PREAMBLE,
    ),
    Profile(
        "La Banque Postale",
        "dmy",
        booked_on=("date",),
        label=("libelle",),
        amount="montant euros",
        bank_code="20041",
        preamble=_LBP,
    ),
    Profile(
        "BoursoBank",
        "ymd",
        booked_on=("dateop",),
        label=("label",),
        amount="amount",
        value_on="dateval",
        counterparty="supplierfound",
        detail=("comment",),
        account="accountnum",
        bank_code="40618",
    ),
    Profile(
        "Fortuneo",
        "dmy",
        booked_on=("date operation",),
        label=("libelle",),
        debit="debit",
        credit="credit",
        value_on="date valeur",
        preamble=PREAMBLE,
    ),
    Profile(
        "Shine",
        "dmy",
        booked_on=("date de la valeur",),
        label=("libelle",),
        debit="debit",
        credit="credit",
        purchased_on="date d operation",
        counterparty="nom de la contrepartie",
        bank_reference="transaction id",
        account="iban",
    ),
    Profile(
        "Revolut Business",
        "ymd",
        booked_on=("date completed utc",),
        label=("description", "reference"),
        amount="total amount",
        mark=".",
        purchased_on="date started utc",
        reference="reference",
        bank_reference="id",
        kind="type",
        currency="payment currency",
        balance="balance",
        status="state",
        settled=frozenset(["completed"]),
        dropped=frozenset(["pending", "declined", "reverted", "failed", "created"]),
    ),
    *_MEG,
)


def profile_of(header: tuple[str, ...]) -> Profile | None:
    """The profile that names most of this header's columns."""
    folded = folded_header(header)
    fitting = [profile for profile in PROFILES if profile.fits(folded)]
    return max(fitting, key=lambda profile: len(profile.columns), default=None)
