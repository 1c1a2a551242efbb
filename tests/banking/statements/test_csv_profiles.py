"""One file of each bank's layout, read through the whole chain; headers as their importers and help pages give them."""

from datetime import date

import pytest

from banking.statements.account import AccountKey
from banking.statements.csv_layout import Profile
from banking.statements.csv_mapping import folded_header
from banking.statements.csv_profiles import PROFILES, profile_of
from banking.statements.csv_reading import read_csv
from banking.statements.statement import NeedsTelling, UnreadableStatement
from banking.statements.told import Told
from tests.banking.statements.samples import shared

TOLD = Told(account=AccountKey.from_rib("30004", "00123", "00000001234"))
IBAN = "FR7630004001230001234567843"
BPCE = (
    "Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;"
    "Type operation;Categorie;Sous categorie;Debit;Credit;Date operation;Date de valeur;Pointage operation\n"
)
REVOLUT = (
    "Date started (UTC),Date completed (UTC),ID,Type,State,Description,Reference,Payer,Orig currency,"
    "Orig amount,Payment currency,Amount,Total amount,Exchange rate,Fee,Fee currency,Balance,Account\n"
)
QONTO_EN = (
    "Status,Settlement date (UTC),Settlement date (local),Operation date (UTC),Operation date (local),"
    "Total amount (incl. VAT),Balance,Currency,Account IBAN,Counterparty name,Reference,Note,Transaction ID\n"
)
SHINE = (
    "Transaction ID;Date de la valeur;Date d'opération;IBAN;Débit;Crédit;Libellé;Nom de la contrepartie;Montant HT\n"
)
LBP = (
    "Numéro Compte   ;1234567A012\nType         ;CCP\nCompte tenu en  ;euros\nDate            ;24/11/2026\n"
    "Solde (EUROS)   ;4812,22\n\nDate;Libellé;Montant(EUROS)\n"
)
# Bank, file, account it names, minor units of its lines, closing.
FILES = [
    ("BPCE", BPCE + "02/11/2026;EDF;PRLV SEPA EDF;R1;;PRLV;;;-124,80;;02/11/2026;03/11/2026;0\n"
     "06/11/2026;ACME;VIR ACME;R2;;VIR;;;;+2400,00;06/11/2026;06/11/2026;0\n", None, [-12480, 240000], None),
    ("Crédit Mutuel", "Date;Date de valeur;Débit;Crédit;Libellé;Solde\n02/11/2026;02/11/2026;-124,80;;EDF;375,20\n"
     "06/11/2026;06/11/2026;;100,00;ACME;475,20\n", None, [-12480, 10000], 47520),
    ("CIC", "Date;Date de valeur;Montant;Libellé;Solde\n02/11/2026;02/11/2026;-124,80;EDF;375,20\n",
     None, [-12480], 37520),
    ("La Banque Postale", LBP + "06/11/2026;VIREMENT ACME;2400,00\n02/11/2026;PRELEVEMENT EDF;-124,80\n",
     "20041--1234567A012", [-12480, 240000], 481222),
    ("Fortuneo", "Date opération;Date valeur;libellé;Débit;Crédit;\n02/11/2026;02/11/2026;PRLV EDF;-124,80;;\n"
     "06/11/2026;06/11/2026;VIR ACME;;2 400,00;\n", None, [-12480, 240000], None),
    ("Fortuneo, débits positifs", "Date opération;Date valeur;libellé;Débit;Crédit;\n"
     "02/11/2026;02/11/2026;PRLV EDF;124,80;;\n", None, [-12480], None),
    ("Shine", SHINE + f"T1;02/11/2026;01/11/2026;{IBAN};124,80;;PRLV EDF;EDF;104,00\n",
     "30004-00123-00012345678", [-12480], None),
    ("Revolut", REVOLUT + "2026-11-06,2026-11-06,b,TOPUP,COMPLETED,ACME,F2,,EUR,5,EUR,5.00,5.00,,0.00,EUR,380.00,Main\n"
     "2026-11-03,,c,CARD_PAYMENT,PENDING,UBER,,,EUR,-9,EUR,-9.00,-9.00,,,EUR,,Main\n"
     "2026-11-02,2026-11-02,a,TRANSFER,COMPLETED,EDF,F1,,EUR,-124,EUR,-124.00,-124.80,,0.80,EUR,375.00,Main\n",
     None, [-12480, 500], 38000),
    ("Qonto", QONTO_EN + f"settled,2026-11-02 10:00:00,2026-11-02 11:00:00,x,2026-11-01,-124.80,375.20,EUR,{IBAN},"
     f"EDF,F1,,t-1\ndeclined,,,x,2026-11-03 09:00:00,-9.00,375.20,EUR,{IBAN},UBER,,,t-2\n",
     "30004-00123-00012345678", [-12480], 37520),
]  # fmt: skip


@pytest.mark.parametrize(("bank", "text", "key", "cents", "closing"), FILES, ids=[file[0] for file in FILES])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_file_of_each_bank_is_read_to_the_cent(
    bank: str, text: str, key: str | None, cents: list[int], closing: int | None, encoding: str
) -> None:
    (statement,) = read_csv(text.encode(encoding), told=TOLD)
    assert [line.amount_cents for line in statement.lines] == cents
    assert (statement.account.key, statement.closing_cents) == (key or TOLD.account.key, closing)
    assert statement.lines[0].booked_on == date(2026, 11, 2)
    assert "EDF" in statement.lines[0].label
    if key is None:
        with pytest.raises(NeedsTelling):
            read_csv(text.encode(encoding))


@pytest.mark.parametrize("profile", PROFILES, ids=[profile.name for profile in PROFILES])
def test_each_profile_knows_its_own_header_and_no_other_takes_it(profile: Profile) -> None:
    header = tuple(sorted(profile.columns))
    assert profile_of(header) is profile
    assert folded_header(header) == header


def test_columns_may_move_and_others_be_added() -> None:
    text = "Note;Montant operation en euro;Libelle operation;Type operation;Libelle court;Date operation\n"
    (statement,) = read_csv(f"{text}n;-1,00;PRLV EDF;PRLV;P;02/11/2026\n".encode(), told=TOLD)
    assert statement.lines[0].amount_cents == -100


def test_an_unknown_status_is_refused_and_not_dropped() -> None:
    text = QONTO_EN + f"perhaps,2026-11-02,2026-11-02,x,2026-11-01,-1.00,1.00,EUR,{IBAN},EDF,F1,,t-1\n"
    with pytest.raises(
        UnreadableStatement, match="statut « perhaps » inconnu".replace(" p", "\u00a0p").replace("s »", "s\u00a0»")
    ):
        read_csv(text.encode())


def test_several_accounts_of_one_file_stay_apart_and_several_currencies_of_none_are_refused() -> None:
    other = "FR7630006000011234567890189"
    rows = "".join(
        f"settled,2026-11-02,2026-11-02,x,2026-11-02,-1.00,{9 - n}.00,EUR,{iban},EDF,F{n},,t-{n}\n"
        for n, iban in enumerate((IBAN, other))
    )
    assert [one.account.iban for one in read_csv((QONTO_EN + rows).encode())] == [IBAN, other]
    rows = "".join(
        f"2026-11-02,2026-11-02,a,TRANSFER,COMPLETED,EDF,F,,EUR,1,{currency},1.00,1.00,,,,9.00,Main\n"
        for currency in ("EUR", "USD")
    )
    with pytest.raises(UnreadableStatement, match="plusieurs devises"):
        read_csv((REVOLUT + rows).encode(), told=TOLD)


def test_an_account_told_against_what_the_file_shows_is_refused() -> None:
    other = Told(account=AccountKey.from_rib("30004", "00123", "00000005678"))
    with pytest.raises(UnreadableStatement, match=r"\*\*\*\*1234"):
        read_csv(shared("csv/synthetic_bnp.csv"), told=other)


@pytest.mark.parametrize(
    ("name", "key", "cents", "closing"),
    [
        ("synthetic_bnp.csv", TOLD.account.key, [-12480], 481222),
        ("synthetic_boursobank.csv", "40618--00040754305", [-8650, 240000], None),
        ("synthetic_credit_agricole.csv", TOLD.account.key, [-12480, -8650, 240000], 481222),
        ("synthetic_qonto_fr.csv", "16958-00001-12345678901", [-129279], 855513),
        ("synthetic_societe_generale.csv", "30003-00012-34567890123", [-12480, 240000], 481222),
    ],
)
def test_samples_are_read_to_the_cent(name: str, key: str, cents: list[int], closing: int | None) -> None:
    (statement,) = read_csv(shared(f"csv/{name}"), told=TOLD)
    assert [line.amount_cents for line in statement.lines] == cents
    assert (statement.account.key, statement.closing_cents) == (key, closing)


def test_the_sample_whose_balances_leave_lines_out_is_refused_at_its_line() -> None:
    with pytest.raises(UnreadableStatement, match=r"Ligne 3.*564,70") as refused:
        read_csv(shared("csv/vrischmann_credit_mutuel_synthetic.csv"), told=TOLD)
    assert refused.value.place == 3


def test_the_count_of_operations_that_a_bank_announces_is_checked() -> None:
    data = shared("csv/synthetic_societe_generale.csv").replace(b"/2026;2;", b"/2026;3;")
    with pytest.raises(UnreadableStatement, match="annonce 3 opérations et en contient 2"):
        read_csv(data)
