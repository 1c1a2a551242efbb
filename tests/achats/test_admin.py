import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from achats.models import Deposit, Source, Status, Supplier
from firms.models import Event, User
from tests.factories.achats import DocumentFactory, PaymentMethodFactory, PurchaseInvoiceFactory, SupplierFactory
from tests.factories.firms import CompanyFactory, member_of
from tests.factories.ledger import AccountFactory

MODELS = ["supplier", "supplierrule", "paymentmethod", "purchaseinvoice", "document", "deposit"]


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def everything(client, db):
    client.force_login(User.objects.create_superuser("chef@cabinet.test", "x"))
    return client


@pytest.fixture
def of_the_firm(client, company):
    """A member of staff who is no superuser: he sees his firm's companies."""
    user = member_of(company)
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="achats"))
    client.force_login(user)
    return client


def listed(client, model, **query):
    return client.get(reverse(f"admin:achats_{model}_changelist"), query)


@pytest.mark.parametrize("model", MODELS)
def test_each_list_opens_and_searches(everything, company, model):
    PurchaseInvoiceFactory(company=company, documents=[DocumentFactory(company=company)])
    assert listed(everything, model, q="nord").status_code == 200


@pytest.mark.parametrize("model", ["supplier", "paymentmethod", "purchaseinvoice", "document"])
def test_another_firms_rows_are_not_there(of_the_firm, model):
    stranger = CompanyFactory()
    rows = {
        "supplier": SupplierFactory,
        "paymentmethod": PaymentMethodFactory,
        "purchaseinvoice": PurchaseInvoiceFactory,
        "document": DocumentFactory,
    }
    row = rows[model](company=stranger)
    answer = listed(of_the_firm, model)
    assert row not in answer.context["cl"].queryset
    assert stranger.name not in answer.content.decode()
    assert of_the_firm.get(reverse(f"admin:achats_{model}_change", args=[row.pk])).status_code == 302


def test_what_was_dropped_is_only_looked_at(everything, company):
    person = member_of(company)
    fields = {"document": DocumentFactory(company=company), "deposited_at": timezone.now(), "deposited_by": person}
    row = Deposit.objects.create(company=company, **fields)
    assert "ticket.png" in listed(everything, "deposit", q="ticket").content.decode()
    assert everything.get(reverse("admin:achats_deposit_change", args=[row.pk])).status_code == 200
    assert everything.post(reverse("admin:achats_deposit_delete", args=[row.pk])).status_code == 403


def test_amounts_that_dext_sent_are_read_only(everything, company):
    sent, typed = (PurchaseInvoiceFactory(company=company, source=source) for source in (Source.DEXT, Source.HAND))
    for invoice, fields in ((sent, set()), (typed, {"gross_amount", "vat_amount", "net_amount"})):
        form = (
            everything.get(reverse("admin:achats_purchaseinvoice_change", args=[invoice.pk])).context["adminform"].form
        )
        assert set(form.fields) - {"reference", "due_on", "description", "note"} == fields


def test_a_word_mended_there_is_remembered(everything, company):
    invoice = PurchaseInvoiceFactory(company=company)
    sent = {"reference": "FA-1", "due_on": "", "description": "", "note": "vue"}
    inlines = {
        f"{prefix}-{name}": "0" for prefix in ("lines", "attachments") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    sent |= {"gross_amount": "12.00", "vat_amount": "2.00", "net_amount": ""}
    answer = everything.post(reverse("admin:achats_purchaseinvoice_change", args=[invoice.pk]), sent | inlines)
    assert answer.status_code == 302
    assert Event.objects.get(kind="purchase.corrected").changes == {"reference": ["", "FA-1"], "note": ["", "vue"]}


def test_a_cancelled_or_posted_purchase_is_only_looked_at(everything, company):
    invoice = PurchaseInvoiceFactory(company=company)
    company.purchase_invoices.update(status=Status.POSTED)
    answer = everything.get(reverse("admin:achats_purchaseinvoice_change", args=[invoice.pk]))
    assert not answer.context["has_change_permission"]


def test_purchases_and_documents_are_neither_added_nor_deleted(everything, company):
    invoice = PurchaseInvoiceFactory(company=company)
    assert everything.get(reverse("admin:achats_purchaseinvoice_add")).status_code == 403
    assert everything.post(reverse("admin:achats_purchaseinvoice_delete", args=[invoice.pk])).status_code == 403


def test_a_rule_names_only_rows_of_its_company(everything, company):
    supplier, account = SupplierFactory(company=company), AccountFactory()
    sent = {"company": company.pk, "supplier": supplier.pk, "account": account.pk}
    answer = everything.post(reverse("admin:achats_supplierrule_add"), sent)
    assert answer.status_code == 200
    assert "account" in answer.context["adminform"].form.errors
    assert Supplier.objects.filter(rule__isnull=False).count() == 0
