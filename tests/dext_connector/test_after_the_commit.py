"""What starts once a purchase is stored: the matching, whose message may be lost but never the purchase."""

import pytest
from kombu.exceptions import OperationalError

from achats.models import PurchaseInvoice
from banking import tasks
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of
from tests.worker import messages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_worker")]


@pytest.fixture
def dext():
    company = CompanyFactory()
    return calling(member_of(company), company)


def test_a_publish_asks_for_the_matching_once_it_is_stored(dext):
    assert dext.publish(item()).status_code == 201
    assert messages() == 1
    assert dext.publish(item()).status_code == 201
    assert dext.publish(item(external_id="RB-2", account="00000000")).status_code == 422
    assert dext.publish(item(external_id="RB-3"), query="?dry_run=true").status_code == 200
    assert messages() == 1


def test_a_broker_that_is_down_does_not_fail_a_publish(dext, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.match_company, "apply_async", fail)
    assert dext.publish(item()).status_code == 201
    assert PurchaseInvoice.objects.count() == 1
