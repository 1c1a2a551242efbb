"""What a user of Dext does with the inbox, against a MEG that really serves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from achats.changing.cancelling import cancel_invoice
from achats.models import PurchaseInvoice, Status
from dext_connector.simulator import account, publishing
from dext_connector.simulator.inbox import Standing, row_of
from dext_connector.simulator.problems import TokenRefused
from dext_connector.simulator.state import store
from tests.factories.firms import PASSWORD

FRANPRIX, STARBUCKS, FOLIE = "RB-88210", "RB-88213", "RB-88216"


def row(external_id: str):
    state = store().read()
    entry = next(entry for entry in state["items"] if entry["item"]["external_id"] == external_id)
    return row_of(entry, state["lists"]["accounts"])


def test_a_connection_loads_megs_lists_by_itself(connected):
    lists = store().read()["lists"]
    assert "62570000" in {one["code"] for one in lists["accounts"]}
    assert "Paiement Pro (1234)" in {one["label"] for one in lists["payment_methods"]}
    assert store().read()["settings"]["vat_marker"] == "TVA20"


def test_a_ready_item_is_published_with_its_picture(connected):
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.PUBLISHED
    invoice = PurchaseInvoice.objects.get(external_id=STARBUCKS)
    assert (invoice.gross_amount, invoice.vat_amount, invoice.status) == (
        Decimal("4.85"),
        Decimal("0.44"),
        Status.READY,
    )
    assert invoice.attachments.get().document.media_type == "image/png"
    assert str(invoice.pk) in row(STARBUCKS).web_url


def test_franprix_keeps_its_extracted_vat_once_it_has_an_account(connected):
    publishing.mend(FRANPRIX, account="60630000", totals=[])
    publishing.publish(FRANPRIX)
    assert PurchaseInvoice.objects.get(external_id=FRANPRIX).vat_amount == Decimal("0.61")


def test_la_folie_du_pain_is_ready_once_its_line_is_mended(connected):
    publishing.mend(FOLIE, account="62570000", totals=["9,50", "4,60"])
    publishing.publish_all()
    assert PurchaseInvoice.objects.get(external_id=FOLIE).gross_amount == Decimal("14.10")
    assert row(FRANPRIX).standing == Standing.NOT_READY


def test_a_refusal_shows_megs_sentence_until_a_publish_succeeds(connected):
    publishing.mend(STARBUCKS, account="62579999", totals=[])
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.REFUSED
    assert "62579999" in row(STARBUCKS).why
    publishing.mend(STARBUCKS, account="62570000", totals=[])
    assert row(STARBUCKS).standing == Standing.REFUSED
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.PUBLISHED


def test_publishing_pressed_twice_makes_one_purchase(connected):
    with store().change() as state:
        state["items"][1]["key"] = "the-network-failed"
    publishing.publish(STARBUCKS)
    with store().change() as state:
        state["items"][1].update(answer=None, key="the-network-failed")
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.PUBLISHED
    assert PurchaseInvoice.objects.filter(external_id=STARBUCKS).count() == 1


def test_automatic_publication_takes_what_is_ready_then_what_becomes_so(connected):
    publishing.switch_automatic(True)
    assert set(PurchaseInvoice.objects.values_list("external_id", flat=True)) == {STARBUCKS}
    publishing.mend(FRANPRIX, account="60630000", totals=[])
    assert set(PurchaseInvoice.objects.values_list("external_id", flat=True)) == {STARBUCKS, FRANPRIX}


def test_erasing_the_publication_withdraws_it_and_lets_it_be_published_again(connected):
    publishing.publish(STARBUCKS)
    assert publishing.erase_publications() == 1
    assert row(STARBUCKS).standing == Standing.READY
    publishing.publish(STARBUCKS)
    found = PurchaseInvoice.objects.filter(external_id=STARBUCKS).order_by("id")
    assert [(invoice.status, invoice.generation) for invoice in found] == [(Status.CANCELLED, 1), (Status.READY, 2)]


def test_a_reset_inbox_is_published_anew_and_meg_suspects_the_duplicate(connected):
    publishing.publish(STARBUCKS)
    publishing.reset()
    assert row(f"{STARBUCKS}.2").standing == Standing.READY
    publishing.publish(f"{STARBUCKS}.2")
    again = PurchaseInvoice.objects.get(external_id=f"{STARBUCKS}.2")
    assert [reason["code"] for reason in again.reasons] == ["suspected_duplicate"]
    assert again.duplicate_of == PurchaseInvoice.objects.get(external_id=STARBUCKS)


def test_looking_again_shows_what_became_of_an_item_in_meg(connected, company, meg):
    publishing.publish(STARBUCKS)
    invoice = PurchaseInvoice.objects.get(external_id=STARBUCKS)
    cancel_invoice(invoice=invoice, by=invoice.created_by, reason="essai", at=invoice.created_at)
    publishing.look_again()
    answer = next(entry for entry in store().read()["items"] if entry["answer"])["answer"]
    assert answer["status"] == Status.CANCELLED


def test_a_token_that_ended_is_renewed_without_a_word(connected):
    AccessToken.objects.update(expires=timezone.now() - timedelta(minutes=1))
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.PUBLISHED
    publishing.look_again()


def test_two_who_find_the_token_ended_at_once_renew_it_once(connected):
    AccessToken.objects.update(expires=timezone.now() - timedelta(minutes=1))
    clients = [account.stored_client(store().read()["connection"]) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda client: client.me()["email"], clients))
    assert set(names) == {connected.email}
    assert RefreshToken.objects.filter(revoked=None).count() == 1
    publishing.look_again()


def test_a_connection_that_meg_no_longer_takes_is_forgotten(connected):
    RefreshToken.objects.all().delete()
    AccessToken.objects.all().delete()
    with pytest.raises(TokenRefused):
        publishing.publish(STARBUCKS)
    assert store().read()["connection"] is None
    assert row(STARBUCKS).standing == Standing.READY


def test_the_settings_are_written_into_meg(connected, company):
    account.save_settings(account.read_settings() | {"vat_marker": "TVA10", "vat_by_line": False})
    company.integration_settings.refresh_from_db()
    assert (company.integration_settings.vat_marker.code, company.integration_settings.vat_by_line) == ("TVA10", False)


def test_wrong_credentials_store_nothing(meg):
    with pytest.raises(TokenRefused, match="incorrect"):
        account.connect(base_url=meg.url, email=meg.email, password=PASSWORD + "x")
    assert store().read()["connection"] is None
