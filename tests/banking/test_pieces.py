"""« Pièces à demander »: what is missing, the link that asks for it, and what a client brings by it."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from achats.models import MethodKind, PurchaseInvoice, Source, Status
from banking.matches.deciding import confirm_match
from banking.models import BankAccount, BankTransaction, MatchState, PieceRequest
from banking.pieces.gaps import Told, monthly_keys
from banking.pieces.limiting import BRINGINGS_ALLOWED
from banking.pieces.missing import by_person, missing_pieces
from firms.models import Company, Event, Role, User
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import PaymentMethodFactory, PurchaseInvoiceFactory, pdf, photo
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture(autouse=True)
def nobody_came_before() -> None:
    """What earlier tests sent from this address counts no more."""
    cache.clear()


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.fixture
def company(account: BankAccount) -> Company:
    return account.company


@pytest.fixture
def person(company: Company) -> User:
    return member_of(company)


@pytest.fixture
def accountant(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def paid(account: BankAccount, amount: str, label: str, on: date = date(2019, 9, 26)) -> BankTransaction:
    return a_line(account, amount=Decimal(amount), label=label, booked_on=on)


def page(client: Client, company: Company) -> str:
    answer = client.get(reverse("banking:pieces", args=[company.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def ask(client: Client, *lines: BankTransaction, **told: str) -> str:
    """The path of the link that the page shows once."""
    sent = {"lignes": [str(line.pk) for line in lines], "destinataire": "", "adresse": "", **told}
    answer = client.post(reverse("banking:pieces_ask", args=[lines[0].company_id]), sent)
    html = client.get(answer["Location"]).content.decode()
    found = re.search(r"https?://[^/]+(/pieces/[\w-]+/)", html)
    assert found, html
    return found[1]


def bring(path: str, line: BankTransaction, *files: tuple[str, bytes], address: str = "127.0.0.1"):
    row = line.requested_lines.latest("id")
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return Client(REMOTE_ADDR=address).post(f"{path}{row.pk}/", {"pieces": sent})


def labels(company: Company) -> list[str]:
    return sorted(piece.line.label for piece in missing_pieces(company, at=timezone.now()))


def test_what_no_document_explains_is_missing_and_the_rest_is_not(account: BankAccount, company: Company):
    paid(account, "-42.99", "CB LIBRAIRIE DES ARTS 2509")
    paid(account, "42.99", "VIR CLIENT DUBOIS")
    paid(account, "-8.50", "FRAIS TENUE DE COMPTE")
    paid(account, "-60.00", "RETRAIT DAB 2509 LILLE")
    paid(account, "-4860.00", "VIR SALAIRES")
    paid(account, "-1921.00", "PRLV SEPA URSSAF")
    paid(account, "-812.44", "PRLV ECHEANCE PRET 00417")
    ignored = paid(account, "-3.00", "CB PARKING")
    BankTransaction.objects.filter(pk=ignored.pk).update(is_ignored=True)
    PurchaseInvoiceFactory.create(company=company, supplier_name="Franprix", gross_amount=Decimal("5.76"))
    paid(account, "-5.76", "CB FRANPRIX 2509 PARIS")
    run(account)
    assert labels(company) == ["CB LIBRAIRIE DES ARTS 2509"]


def test_the_lines_are_told_by_the_person_of_the_card(account: BankAccount, company: Company):
    PaymentMethodFactory.create(
        company=company, kind=MethodKind.CARD, last_four="1234", person_name="Camille Martin", person_email="c@x.test"
    )
    paid(account, "-42.99", "CB LIBRAIRIE CARTE X1234")
    paid(account, "-12.00", "PRLV SEPA ASSUROR")
    people = by_person(missing_pieces(company, at=timezone.now()))
    assert [(person.name, person.email, person.count) for person in people] == [
        ("Camille Martin", "c@x.test", 1),
        ("Sans personne", "", 1),
    ]


def day_of(month: int, day: int = 5) -> date:
    return date(2019, month, day)


@pytest.mark.parametrize(
    ("explained", "is_expected"),
    [
        ([6, 7, 8], True),
        ([7, 8], False),
        ([6, 7, 8, 9], False),
        ([1, 2, 3], False),
    ],
)
def test_a_series_is_three_months_before_and_none_in_the_month(explained, is_expected):
    past = [Told("ORANGE", day_of(month)) for month in explained]
    found = monthly_keys(past, [Told("ORANGE", day_of(9))])
    assert bool(found) is is_expected


def test_a_monthly_invoice_that_lacks_is_named(
    account: BankAccount, company: Company, person: User, accountant: Client
):
    for month in (8, 9, 10):
        PurchaseInvoiceFactory.create(
            company=company, supplier_name="Orange", gross_amount=Decimal("42.99"), issued_on=day_of(month, 1)
        )
        paid(account, "-42.99", "PRLV SEPA ORANGE", day_of(month))
    run(account)
    for match in company.matches.filter(state=MatchState.SUGGESTED):
        match.refresh_from_db()
        if match.state == MatchState.SUGGESTED and match.invoice.issued_on.month == match.transaction.booked_on.month:
            confirm_match(match=match, by=person)
    paid(account, "-42.99", "PRLV SEPA ORANGE", day_of(11))
    html = page(accountant, company)
    assert "Il manque la facture Orange de novembre (prélevée 42,99\u00a0€ le 05/11)" in html


def test_a_link_asks_for_the_lines_and_shows_nothing_else(account: BankAccount, accountant: Client):
    asked, other = paid(account, "-42.99", "CB LIBRAIRIE"), paid(account, "-9.00", "CB SECRET")
    path = ask(accountant, asked)
    answer = Client().get(path)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "CB LIBRAIRIE" in html
    assert "42,99" in html
    assert "26/09/2019" in html
    assert other.label not in html
    assert account.label not in html
    assert 'capture="environment"' in html
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert str(account.company_id) not in html


def test_only_the_hash_of_the_link_is_kept(account: BankAccount, accountant: Client):
    token = ask(accountant, paid(account, "-42.99", "CB LIBRAIRIE")).split("/")[2]
    kept = PieceRequest.objects.values().get()
    assert token not in str(kept)


def test_the_request_goes_by_mail(account: BankAccount, accountant: Client, mailoutbox):
    path = ask(accountant, paid(account, "-42.99", "CB LIBRAIRIE"), destinataire="Camille", adresse="c@x.test")
    (mail,) = mailoutbox
    assert mail.to == ["c@x.test"]
    assert path in mail.body
    assert "de la pièce d’un paiement" in mail.body


def test_what_comes_back_waits_as_an_invoice_of_its_line(account: BankAccount, company: Company, accountant: Client):
    line = paid(account, "-42.99", "CB LIBRAIRIE")
    path = ask(accountant, line)
    assert bring(path, line, ("recto.jpg", photo()), ("verso.pdf", pdf())).status_code == 302
    invoice = PurchaseInvoice.objects.get()
    assert (invoice.source, invoice.status) == (Source.REQUEST, Status.NOT_READY)
    assert (invoice.gross_amount, invoice.issued_on) == (Decimal("42.99"), line.booked_on)
    assert invoice.attachments.count() == 2
    assert labels(company) == []
    assert "1 sur 1" in page(accountant, company)
    run(account)
    assert line.matches.get().invoice == invoice
    assert "2\u00a0fichiers" in Client().get(path).content.decode()


def test_more_files_join_the_same_invoice_and_the_same_file_joins_once(account: BankAccount, accountant: Client):
    line, data = paid(account, "-42.99", "CB LIBRAIRIE"), photo()
    path = ask(accountant, line)
    for sent in (data, data, photo()):
        bring(path, line, ("ticket.png", sent))
    assert PurchaseInvoice.objects.get().attachments.count() == 2


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("revoked", "a retiré cette demande"),
        ("expired", "Ce lien a expiré le"),
        ("unknown", "Ce lien n’est plus valable. Demandez-en un nouveau à votre cabinet comptable."),
    ],
)
def test_a_link_that_ended_says_so_and_takes_nothing(account: BankAccount, accountant: Client, end: str, words: str):
    line = paid(account, "-42.99", "CB LIBRAIRIE")
    path, request = ask(accountant, line), PieceRequest.objects.get()
    if end == "revoked":
        accountant.post(reverse("banking:pieces_revoke", args=[request.company_id, request.pk]))
    if end == "expired":
        PieceRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if end == "unknown":
        path = "/pieces/inconnu/"
    answer = Client().get(path)
    assert (answer.status_code, words in answer.content.decode()) == (410, True)
    assert (account.company.firm.name in answer.content.decode()) is (end != "unknown")
    assert account.company.name not in answer.content.decode()
    assert line.label not in answer.content.decode()
    assert bring(path, line, ("ticket.png", photo())).status_code == 410
    assert not PurchaseInvoice.objects.exists()


def test_a_link_brings_nothing_to_the_line_of_another_request(account: BankAccount, accountant: Client):
    mine, other = paid(account, "-42.99", "CB LIBRAIRIE"), paid(account, "-9.00", "CB AUTRE")
    path, _ = ask(accountant, mine), ask(accountant, other)
    assert bring(path, other, ("ticket.png", photo())).status_code == 410
    assert not PurchaseInvoice.objects.exists()


def test_a_file_that_is_none_is_refused_whole(account: BankAccount, accountant: Client):
    line = paid(account, "-42.99", "CB LIBRAIRIE")
    answer = bring(ask(accountant, line), line, ("ticket.png", photo()), ("virus.exe", b"MZ"))
    assert answer.status_code == 302
    assert not PurchaseInvoice.objects.exists()


def test_a_link_that_is_used_too_often_is_held_back(account: BankAccount, accountant: Client):
    line = paid(account, "-42.99", "CB LIBRAIRIE")
    path = ask(accountant, line)
    answers = [bring(path, line, address="203.0.113.7").status_code for _ in range(BRINGINGS_ALLOWED + 1)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_lines_of_another_company_are_never_asked_for(account: BankAccount, company: Company, accountant: Client):
    other = paid(BankAccountFactory.create(company=CompanyFactory.create(firm=company.firm)), "-9.00", "CB AUTRE")
    accountant.post(reverse("banking:pieces_ask", args=[company.pk]), {"lignes": [str(other.pk)]})
    assert not PieceRequest.objects.exists()


def test_a_request_and_what_comes_back_are_remembered(account: BankAccount, accountant: Client):
    line = paid(account, "-42.99", "CB LIBRAIRIE")
    bring(ask(accountant, line), line, ("ticket.png", photo()))
    assert {"pieces.requested", "pieces.brought"} <= set(Event.objects.values_list("kind", flat=True))


def test_a_reader_looks_and_asks_nothing(client: Client, account: BankAccount, company: Company):
    client.force_login(member_of(company, Role.READER))
    line = paid(account, "-42.99", "CB LIBRAIRIE")
    assert "Demander" not in page(client, company).replace("Pièces à demander", "")
    assert client.post(reverse("banking:pieces_ask", args=[company.pk]), {"lignes": [line.pk]}).status_code == 403


@pytest.mark.parametrize("many", [1, 12])
def test_the_queries_do_not_grow_with_the_lines(account, company, accountant, many, django_assert_max_num_queries):
    for number in range(many):
        paid(account, f"-{number + 1}.00", "CB LIBRAIRIE")
    ask(accountant, *BankTransaction.objects.filter(company=company))
    with django_assert_max_num_queries(8):
        page(accountant, company)
    path = ask(accountant, *BankTransaction.objects.filter(company=company))
    with django_assert_max_num_queries(4):
        Client().get(path)


def test_the_moment_is_given(account: BankAccount):
    """A request ends thirty days after it was made, not after somebody looked."""
    from banking.pieces.requesting import request_pieces

    line, at = paid(account, "-42.99", "CB LIBRAIRIE"), datetime(2019, 10, 1, tzinfo=timezone.get_current_timezone())
    made, _ = request_pieces(
        company=account.company,
        line_ids=[line.pk],
        recipient="",
        email="",
        by=member_of(account.company),
        at=at,
        site_url="https://meg.test",
    )
    assert made.expires_at == at + timedelta(days=30)
