"""`seed_demo` is not faked: through the API, a statement and a real worker; once, and never in production."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from achats.models import PurchaseInvoice, Settlement, Status
from banking.models import MatchState
from dext_connector.simulator.state import store
from firms.models import Company, User
from meg.demo.company import PASSWORD, open_demonstration
from meg.demo.publishing import publish_all
from meg.demonstration import is_seeded
from tests.worker import forget_messages


def seed(url: str) -> str:
    said = StringIO()
    call_command("seed_demo", "--url", url, stdout=said, stderr=said)
    return said.getvalue()


def codes(company: Company, field: str) -> set[str]:
    rows = PurchaseInvoice.objects.filter(company=company).values_list(field, flat=True)
    return {reason["code"] for reasons in rows for reason in reasons}


@pytest.mark.usefixtures("celery_worker_process")
def test_a_seeding_that_was_interrupted_ends_with_everything_shown_and_nothing_doubled(live_server):
    company = open_demonstration(year=2026)
    publish_all(base_url=live_server.url)
    published = PurchaseInvoice.objects.count()
    assert not is_seeded()
    said = seed(live_server.url)
    assert said.splitlines()[-1] == "La démonstration est en place."
    assert "Refusée" not in said
    purchases = PurchaseInvoice.objects.filter(company=company)
    assert purchases.count() == published >= 60
    assert set(purchases.values_list("status", flat=True)) >= {Status.READY, Status.NOT_READY, Status.CANCELLED}
    assert set(purchases.values_list("settlement", flat=True)) >= {Settlement.SETTLED, Settlement.UNSETTLED}
    assert codes(company, "reasons") >= {
        "account_missing", "supplier_ambiguous", "suspected_duplicate", "vat_code_contradicts"
    }  # fmt: skip
    assert codes(company, "warnings") >= {
        "period_closed", "zero_total", "document_missing", "due_before_date", "payment_method_unknown",
        "mixed_vat_rates",
    }  # fmt: skip
    assert set(company.matches.values_list("state", flat=True)) >= {
        MatchState.AUTO, MatchState.CONFIRMED, MatchState.SUGGESTED
    }  # fmt: skip
    assert set(company.inbox.values_list("fate", flat=True)) >= {"created", "refused"}
    the_three_receipts_are_completed(company)
    assert seed(live_server.url) == "La démonstration est déjà en place.\n"
    assert purchases.count() == published
    forget_messages()  # pages that nobody will look at


def the_three_receipts_are_completed(company: Company) -> None:
    franprix = PurchaseInvoice.objects.get(company=company, supplier_name="Franprix")
    assert (franprix.gross_amount, franprix.vat_amount) == (Decimal("5.76"), Decimal("0.61"))
    assert not company.supplier_rules.exists()
    for name, label in (("Starbucks", "CB STARBUCKS"), ("La Folie Du Pain", "CB LA FOLIE DU PAIN")):
        match = company.matches.live().get(invoice__supplier_name=name)
        assert match.transaction.label.startswith(label)
    state = store().read()
    assert state["connection"] is None
    assert all(entry["answer"] for entry in state["items"])


def test_the_people_of_the_demonstration_have_their_roles(db):
    company = open_demonstration(year=2026)
    roles = {seat.user.email: (seat.role, seat.sees_all_companies) for seat in company.firm.memberships.all()}
    assert roles == {
        "admin@demo.test": ("administrator", True),
        "comptable@demo.test": ("accountant", True),
        "lecteur@demo.test": ("reader", False),
    }
    assert all(user.check_password(PASSWORD) for user in User.objects.filter(email__endswith="@demo.test"))
    assert all(
        company in Company.objects.visible_to(user) for user in User.objects.filter(email__endswith="@demo.test")
    )
    years = company.fiscal_years.order_by("starts_on").values_list("starts_on__year", flat=True)
    assert (list(years), str(company.bookkeeping.locked_until)) == ([2019, 2026], "2019-07-31")


@pytest.mark.parametrize("switched", [{"PRODUCTION": True}, {"DEMO": False}])
def test_production_is_never_seeded(db, settings, switched):
    for name, value in switched.items():
        setattr(settings, name, value)
    with pytest.raises(CommandError, match="désactivée"):
        seed("http://127.0.0.1:9")
    assert not User.objects.exists()


def test_a_server_that_does_not_answer_leaves_the_seeding_undone(transactional_db):
    with pytest.raises(CommandError, match="n’est pas prête"):
        seed("http://127.0.0.1:9")
    assert not is_seeded()
