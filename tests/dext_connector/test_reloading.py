"""When a list has to be loaded again: its ETag, its version and `updated_since` follow every change of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from achats.models import MethodKind, PaymentMethod, Supplier, SupplierAlias, SupplierRule
from banking.models import BankAccount, PaymentMethodMapping
from dext_connector.calls.api import CompanyListView
from dext_connector.calls.conditional import rows_fingerprint
from dext_connector.connections.opening import connection_for
from dext_connector.models import DextConnection
from dext_connector.reference import versions_of
from dext_connector.views import lists, rules
from firms.models import Company
from ledger.models import Account, Bookkeeping, FiscalYear, VatCode
from tests.factories.firms import CompanyFactory

LISTS = ["accounts/", "vat-codes/", "payment-methods/", "suppliers/", "supplier-rules/"]
VIEWS: dict[str, type[CompanyListView]] = {
    "accounts": lists.AccountsView,
    "vat_codes": lists.VatCodesView,
    "payment_methods": lists.PaymentMethodsView,
    "suppliers": lists.SuppliersView,
    "supplier_rules": rules.SupplierRulesView,
}


def reference(company: Company) -> None:
    """One supplier with its rule and another name, a payment method with its bank account, and a person's."""
    account, vat_code = company.accounts.get(code="62570000"), company.vat_codes.get(code="TVA20")
    supplier = Supplier.objects.create(company=company, name="Starbucks")
    bank = BankAccount.objects.create(company=company, key="k", label="Compte courant", last_four="1234")
    method = PaymentMethod.objects.get(company=company, label="Paiement Pro (1234)")
    PaymentMethodMapping.objects.create(company=company, payment_method=method, bank_account=bank)
    kinds = {"kind": MethodKind.PERSONAL, "person_name": "Paul", "person_account": account}
    paul = PaymentMethod.objects.create(company=company, label="Paul", **kinds)
    rule = {"account": account, "vat_code": vat_code, "payment_method": paul}
    SupplierRule.objects.create(company=company, supplier=supplier, **rule)
    SupplierAlias.objects.create(company=company, supplier=supplier, name="Starbucks Coffee")


@pytest.fixture
def known(company: Company) -> Company:
    reference(company)
    return company


TEXT = st.text("abcé '", min_size=1, max_size=3)
FLAG = st.booleans()
# Every column that a list shows, its own or of what it points to, written behind the back of Django's `save()`.
WRITES: dict[str, tuple[type, st.SearchStrategy]] = {
    "Account.label": (Account, TEXT),
    "Account.code": (Account, st.sampled_from(["62570000", "62570001", "625700AA"])),
    "Account.is_active": (Account, FLAG),
    "Account.is_purchase_allowed": (Account, FLAG),
    "VatCode.code": (VatCode, TEXT),
    "VatCode.label": (VatCode, TEXT),
    "VatCode.kind": (VatCode, st.sampled_from(["deductible", "import"])),
    "VatCode.rate": (VatCode, st.sampled_from([None, 0, 20, 10])),
    "VatCode.deductible_percent": (VatCode, st.sampled_from([0, 80, 100])),
    "VatCode.is_active": (VatCode, FLAG),
    "VatCode.may_be_marker": (VatCode, FLAG),
    "VatCode.may_be_no_vat": (VatCode, FLAG),
    "VatCode.valid_from": (VatCode, st.sampled_from([None, date(2019, 1, 1)])),
    "VatCode.valid_until": (VatCode, st.sampled_from([None, date(2029, 1, 1)])),
    "Supplier.name": (Supplier, TEXT),
    "Supplier.siren": (Supplier, st.sampled_from(["", "552032534"])),
    "Supplier.vat_number": (Supplier, TEXT),
    "Supplier.ledger_code": (Supplier, TEXT),
    "Supplier.is_active": (Supplier, FLAG),
    "SupplierRule.account": (SupplierRule, st.none()),
    "SupplierRule.vat_code": (SupplierRule, st.none()),
    "SupplierRule.payment_method": (SupplierRule, st.none()),
    "SupplierRule.due_days": (SupplierRule, st.sampled_from([None, 0, 30])),
    "SupplierRule.description": (SupplierRule, TEXT),
    "SupplierRule.is_paid": (SupplierRule, FLAG),
    "SupplierAlias.name": (SupplierAlias, TEXT),
    "PaymentMethod.label": (PaymentMethod, TEXT),
    "PaymentMethod.kind": (PaymentMethod, st.sampled_from(["card", "personal"])),
    "PaymentMethod.last_four": (PaymentMethod, st.sampled_from(["", "4321"])),
    "PaymentMethod.person_name": (PaymentMethod, TEXT),
    "PaymentMethod.person_email": (PaymentMethod, st.sampled_from(["", "p@d.test"])),
    "PaymentMethod.person_account": (PaymentMethod, st.none()),
    "PaymentMethod.is_active": (PaymentMethod, FLAG),
    "BankAccount.label": (BankAccount, TEXT),
    "BankAccount.last_four": (BankAccount, st.sampled_from(["", "4321"])),
}


def one_row(model: type, company: Company):
    """The row of `model` that others point to."""
    ours = model._default_manager.filter(company=company)
    if model is Account:
        return ours.filter(label="Réceptions")
    if model is VatCode:
        return ours.filter(label=company.vat_codes.get(code="TVA20").label)
    if model is PaymentMethod:
        return ours.filter(label="Paul")
    return ours


def seen(view: type[CompanyListView], company: Company, since: datetime | None = None) -> tuple[str, list]:
    """The fingerprint that the ETag of a list is made of, and its items."""
    asked = view()
    asked.company = company
    rows = asked.rows().filter(updated_at__gte=since) if since else asked.rows()
    return rows_fingerprint(rows, view.shown), [view.answer(row) for row in rows.order_by(view.key)]


def test_the_etag_and_the_version_change_when_and_only_when_the_list_does(known):
    before, versions = {name: seen(view, known) for name, view in VIEWS.items()}, versions_of(known)

    @settings(max_examples=40, derandomize=True, database=None)
    @given(data=st.data())
    def holds(data):
        name = data.draw(st.sampled_from(sorted(WRITES)))
        model, values = WRITES[name]
        start = timezone.now()
        with transaction.atomic():
            one_row(model, known).update(**{name.partition(".")[2]: data.draw(values)})
            later = versions_of(known)
            for kind, view in VIEWS.items():
                (old_tag, old), (new_tag, new) = before[kind], seen(view, known)
                assert (old_tag == new_tag) == (old == new), (name, kind)
                assert (versions[kind] == later[kind]) == (old == new), (name, kind)
                told = seen(view, known, since=start)[1]
                assert [row for row in new if row not in old + told] == [], (name, kind)
            transaction.set_rollback(True)

    holds()


@pytest.mark.parametrize("path", LISTS)
def test_what_is_known_already_is_answered_304_in_few_queries(dext, known, path, django_assert_num_queries):
    first = dext.get(dext.on_company(path))
    strong = first["ETag"].removeprefix("W/")
    for tags in (first["ETag"], strong, f'"other", {strong}', "*"):
        with django_assert_num_queries(3):
            again = dext.call("get", dext.on_company(path), headers={"If-None-Match": tags})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert "RateLimit-Remaining" in again.headers
    assert dext.call("get", dext.on_company(path), headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "delete",
    [
        lambda company: company.accounts.filter(code="60630000").delete(),
        lambda company: company.vat_codes.filter(code="TVA2_1").delete(),
        lambda company: Supplier.objects.filter(company=company).delete(),
        lambda company: SupplierRule.objects.filter(company=company).delete(),
        lambda company: SupplierAlias.objects.filter(company=company).delete(),
        lambda company: PaymentMethodMapping.objects.filter(company=company).delete(),
        lambda company: (
            SupplierRule.objects.update(payment_method=None) and company.payment_methods.filter(label="Paul").delete()
        ),
    ],
)
def test_a_row_that_goes_changes_the_etag_and_the_version(dext, known, delete: Callable):
    before, versions = [dext.get(dext.on_company(f"{path}?limit=200"))["ETag"] for path in LISTS], versions_of(known)
    assert delete(known)[0]
    assert [dext.get(dext.on_company(f"{path}?limit=200"))["ETag"] for path in LISTS] != before
    assert versions_of(known) != versions


def test_a_rule_or_a_mapping_that_goes_makes_its_supplier_and_its_method_new(dext, known):
    start = timezone.now()
    SupplierRule.objects.all().delete()
    SupplierAlias.objects.all().delete()
    PaymentMethodMapping.objects.all().delete()
    for path, name in (("suppliers/", "Starbucks"), ("payment-methods/", "Paiement Pro (1234)")):
        answer = dext.call("get", dext.on_company(path), data={"updated_since": start.isoformat()})
        assert [row.get("name") or row["label"] for row in answer.json()["items"]] == [name]


def test_a_company_is_new_when_what_is_shown_of_it_changes(dext, company):
    other = CompanyFactory(firm=company.firm)
    changes = [
        lambda: Company.objects.filter(pk=company.pk).update(name="Boulangerie"),
        lambda: Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 1, 1)),
        lambda: FiscalYear.objects.filter(company=company)[0:1].get().delete(),
        lambda: connection_for(company=company, user=dext.user, at=timezone.now()),
        lambda: DextConnection.objects.filter(company=company).update(expires_at=timezone.now() + timedelta(days=9)),
    ]
    for change in changes:
        before, start = dext.get("companies/"), timezone.now()
        change()
        after = dext.get("companies/")
        assert after["ETag"] != before["ETag"]
        assert after.json() != before.json()
        (row,) = dext.call("get", "companies/", data={"updated_since": start.isoformat()}).json()["items"]
        assert row["id"] == str(company.pk) != str(other.pk)


def test_every_list_has_a_version_and_they_are_answered_304_until_one_changes(dext, known):
    path = dext.on_company("reference/version/")
    first = dext.get(path)
    assert set(first.json()) == {
        "destinations", "accounts", "vat_codes", "suppliers", "payment_methods", "supplier_rules", "settings"
    }  # fmt: skip
    assert dext.call("get", path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    SupplierRule.objects.update(due_days=30)
    changed = {name for name, version in dext.get(path).json().items() if version != first.json()[name]}
    assert changed == {"supplier_rules", "suppliers"}  # a supplier shows its rule


def test_versions_cost_the_same_for_one_row_as_for_many(dext, known, django_assert_max_num_queries):
    Supplier.objects.bulk_create(Supplier(company=known, name=f"F{n}") for n in range(100))
    with django_assert_max_num_queries(9):
        dext.get(dext.on_company("reference/version/"))


@pytest.mark.parametrize(
    "since",
    ["2019-09-25", "2019-09-25T14:00:00Z", "2019-09-25T14:00:00+02:00", "2019-09-25T14:00:00-18:21", "20190925"],
)
def test_a_day_or_a_moment_of_iso_8601_is_understood(dext, since):
    assert len(dext.get(dext.on_company(f"accounts/?updated_since={since}")).json()["items"]) > 9
    assert dext.get(dext.on_company("accounts/?updated_since=2100-01-01")).json()["items"] == []


@pytest.mark.parametrize(
    "since",
    ["hier", "25/09/2019", "2019-13-01", "0", "2019-09-25T25:00:00Z", "%00", "²", "0001-01-01T00:00:00%2B02:00"],
)
def test_a_moment_that_cannot_be_read_is_refused_in_words(dext, since):
    answer = dext.get(dext.on_company(f"accounts/?updated_since={since}"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["message"].startswith("«\u00a0updated_since\u00a0»")
