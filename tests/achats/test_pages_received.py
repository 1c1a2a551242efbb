"""What Dext sent, beside what people changed since."""

import pytest
from django.test import Client

from achats.models import Source
from firms.events import record_event
from firms.models import Company
from ledger.models import Account
from tests.achats.test_pages_detail import an_invoice, page, sent, url
from tests.factories.firms import member_of


@pytest.fixture
def accountant(client: Client, company: Company) -> Client:
    client.force_login(member_of(company))
    return client


def test_what_dext_sent_stands_beside_what_was_changed_until_it_is_put_back(accountant: Client, company: Company):
    invoice = an_invoice(company, reference="FA-1", source=Source.DEXT)
    record_event(company=company, kind="purchase.received", subject_id=invoice.pk)
    accountant.post(url(invoice, "correct"), sent(invoice, reference="FA-2"))
    accountant.post(url(invoice, "correct"), sent(invoice, reference="FA-3"))
    assert "Reçu : FA-1" in page(accountant, invoice)
    accountant.post(url(invoice, "correct"), sent(invoice, reference="FA-1"))
    assert "Reçu : " not in page(accountant, invoice)


def test_the_account_that_dext_sent_stands_beside_the_one_that_was_chosen(accountant: Client, company: Company):
    invoice = an_invoice(company, source=Source.DEXT)
    received = invoice.lines.get().account
    chosen = Account.objects.filter(company=company).for_purchases().exclude(pk=received.pk)[0]
    record_event(company=company, kind="purchase.received", subject_id=invoice.pk)
    accountant.post(url(invoice, "correct"), sent(invoice, compte=chosen.code))
    assert f"Reçu : {received}" in page(accountant, invoice)


def test_nothing_is_called_received_of_what_a_person_entered_or_dext_published_again(
    accountant: Client, company: Company
):
    by_hand = an_invoice(company, reference="FA-1", source=Source.HAND)
    again = an_invoice(company, reference="FA-1", source=Source.DEXT)
    for invoice in (by_hand, again):
        record_event(company=company, kind="purchase.received", subject_id=invoice.pk)
        accountant.post(url(invoice, "correct"), sent(invoice, reference="FA-2"))
    record_event(company=company, kind="purchase.republished", subject_id=again.pk)
    assert "Reçu : " not in page(accountant, by_hand)
    assert "Reçu : " not in page(accountant, again)
