"""« Publier tout » by one batch, what is changed afterwards, what is mended in MEG, the picture alone."""

import pytest

from achats.models import PurchaseInvoice
from dext_connector.models import PublishBatch
from dext_connector.simulator import batch, publishing
from dext_connector.simulator.batch import publish_at_once
from dext_connector.simulator.inbox import Standing, row_of
from dext_connector.simulator.problems import Refused
from dext_connector.simulator.state import store
from dext_connector.simulator.transport import ApiUnreachable
from firms.models import User
from tests.dext_connector.conftest import calling

FRANPRIX, STARBUCKS, FOLIE = "RB-88210", "RB-88213", "RB-88216"


def row(external_id: str):
    state = store().read()
    entry = next(entry for entry in state["items"] if entry["item"]["external_id"] == external_id)
    return row_of(entry, state["lists"]["accounts"])


def invoice(external_id: str) -> PurchaseInvoice:
    return PurchaseInvoice.objects.get(external_id=external_id)


@pytest.fixture
def all_ready(connected):
    publishing.mend(FRANPRIX, account="62579999", totals=[])
    publishing.mend(FOLIE, account="62570000", totals=["9,50", "4,60"])


def test_one_refused_item_stops_no_other_and_shows_megs_sentence(all_ready):
    assert publish_at_once() == [FRANPRIX, STARBUCKS, FOLIE]
    assert [row(one).standing for one in (FRANPRIX, STARBUCKS, FOLIE)] == ["refused", "published", "published"]
    assert "62579999" in row(FRANPRIX).why
    assert row(STARBUCKS).status == "Prêt"
    assert PublishBatch.objects.count() == 1


def test_a_picture_follows_each_item_that_was_taken(all_ready):
    publish_at_once()
    for one in (STARBUCKS, FOLIE):
        assert invoice(one).attachments.get().document.media_type == "image/png"


def test_a_batch_whose_answer_was_lost_goes_again_under_its_key(connected, monkeypatch):
    def lost(*arguments) -> None:
        raise ApiUnreachable("coupé")

    with monkeypatch.context() as network:
        network.setattr(batch, "_with_picture", lost)
        with pytest.raises(ApiUnreachable):
            publish_at_once()
    assert row(STARBUCKS).standing == Standing.READY
    publish_at_once()
    assert (row(STARBUCKS).standing, PurchaseInvoice.objects.count()) == (Standing.PUBLISHED, 1)
    assert PublishBatch.objects.count() == 1


def test_a_refusal_is_mended_in_meg_and_the_next_batch_takes_it(all_ready, company):
    publish_at_once()
    chart = company.accounts.get(code="60630000")
    chart.pk, chart.code = None, "62579999"
    chart.save(force_insert=True)
    publish_at_once()
    assert row(FRANPRIX).standing == Standing.PUBLISHED


def test_a_refusal_that_was_replayed_in_meg_clears_by_looking_again(connected, company, meg):
    company.accounts.filter(code="62570000").update(is_active=False)
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.REFUSED
    company.accounts.filter(code="62570000").update(is_active=True)
    state = store().read()
    sent = publishing.sent_item(publishing.entry_of(state, STARBUCKS))
    assert calling(User.objects.get(email=meg.email), company).publish(sent).status_code == 201
    publishing.look_again()
    assert row(STARBUCKS).standing == Standing.PUBLISHED


def test_a_refusal_that_meg_does_not_have_stays(connected):
    publishing.mend(STARBUCKS, account="62579999", totals=[])
    publishing.publish(STARBUCKS)
    publishing.look_again()
    assert row(STARBUCKS).standing == Standing.REFUSED


def test_what_was_changed_after_publication_goes_as_a_change(all_ready):
    publish_at_once()
    publishing.mend(STARBUCKS, account="60630000", totals=[])
    assert row(STARBUCKS).standing == Standing.READY
    publish_at_once()
    assert row(STARBUCKS).standing == Standing.PUBLISHED
    assert invoice(STARBUCKS).lines.get().account.code == "60630000"


def test_the_same_again_is_no_change(connected):
    publishing.publish(STARBUCKS)
    publishing.mend(STARBUCKS, account="62570000", totals=[])
    assert row(STARBUCKS).standing == Standing.PUBLISHED


def test_a_change_made_on_an_old_version_is_said_and_overwrites_nothing(connected, company, meg):
    publishing.publish(STARBUCKS)
    publishing.mend(STARBUCKS, account="60630000", totals=[])
    with store().change() as state:
        publishing.entry_of(state, STARBUCKS)["etag"] = '"une-autre"'
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.REFUSED
    assert "changé" in row(STARBUCKS).why or "modifi" in row(STARBUCKS).why
    assert invoice(STARBUCKS).lines.get().account.code == "62570000"
    publishing.look_again()
    publishing.publish(STARBUCKS)
    assert row(STARBUCKS).standing == Standing.PUBLISHED
    assert invoice(STARBUCKS).lines.get().account.code == "60630000"


def test_a_picture_is_sent_again_without_touching_the_purchase(connected):
    publishing.publish(STARBUCKS)
    before = invoice(STARBUCKS).attachments.count()
    publishing.send_picture(STARBUCKS)
    assert invoice(STARBUCKS).attachments.count() == before
    with pytest.raises(Refused):
        publishing.send_picture(FRANPRIX)
