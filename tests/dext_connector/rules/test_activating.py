"""« Activer l'intégration »: Dext's rules become an archive with proposals, and MEG's own stay."""

import threading

import pytest
from django.db import connection
from django.test import Client

from achats.models import Supplier, SupplierRule
from dext_connector.models import ArchivedRule, RuleArchive, RuleState
from dext_connector.rules.activating import activate
from dext_connector.serializers.rules import read_rules
from firms.models import Event, Role
from tests.dext_connector.conftest import calling
from tests.factories.achats import NOW, PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of

RULES = [
    {"supplier": "Orange", "account": "626", "vat_rate": "20.00", "due_days": 30, "colour": "blue"},
    {"supplier": "Starbucks", "account": "Réceptions", "payment_method": "Paiement Pro (1234)", "paid": True},
    {"supplier": "Inconnu", "account": "Compte de Dext"},
]


def activated(dext, rules=RULES, query: str = ""):
    answer = dext.call("post", dext.on_company(f"activation/{query}"), {"rules": rules})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_each_rule_is_answered_with_the_account_that_is_proposed_and_why(dext, company):
    answer = activated(dext)
    assert (answer["generation"], answer["count"], answer["proposed_count"]) == (1, 3, 2)
    orange, starbucks, unknown = answer["rules"]
    assert orange["proposal"] == {"account": "62600000", "label": company.accounts.get(code="62600000").label} | {
        "basis": "number"
    }
    assert orange["reason"].startswith("Même numéro")
    assert (starbucks["proposal"]["account"], starbucks["proposal"]["basis"]) == ("62570000", "label")
    assert (unknown["proposal"], unknown["state"]) == (None, "undecided")
    assert "plan comptable de MEG" in answer["notice"]
    kept = ArchivedRule.objects.get(pk=orange["id"])
    assert kept.payload == RULES[0]
    assert (kept.archive.received_by, kept.due_days, str(kept.vat_rate)) == (dext.user, 30, "20.00")
    company.dext_connection.refresh_from_db()
    assert company.dext_connection.activated_by == dext.user
    assert set(Event.objects.filter(company=company).values_list("kind", flat=True)) >= {
        "integration.activated",
        "rules.archived",
    }
    assert not SupplierRule.objects.exists()


def test_what_meg_booked_is_proposed_where_dext_says_nothing_known(dext, company):
    for reference in ("A", "B"):
        PurchaseInvoiceFactory(company=company, supplier_name="INCONNU", reference=reference)
    proposal = activated(dext)["rules"][2]
    assert (proposal["proposal"]["account"], proposal["proposal"]["basis"]) == ("62570000", "use")


def test_the_dry_look_answers_the_same_and_stores_nothing(dext, company):
    looked = activated(dext, query="?dry_run=true")
    assert not RuleArchive.objects.exists()
    assert not Event.objects.filter(company=company, kind="integration.activated").exists()
    stored = activated(dext)
    for answer in (looked, stored):
        del answer["archived_at"]
        for rule in answer["rules"]:
            del rule["id"]
    assert looked == stored


def test_the_same_rules_again_add_nothing_in_whatever_order(dext):
    first = activated(dext)
    assert activated(dext) == first
    assert activated(dext, RULES[::-1]) == first
    assert RuleArchive.objects.count() == 1


def test_no_rules_hide_no_archive(dext):
    first = activated(dext)
    assert activated(dext, []) == first


def test_other_rules_add_a_generation_and_touch_no_decision(dext, company):
    activated(dext)
    orange = ArchivedRule.objects.get(supplier_name="Orange")
    account = company.accounts.get(code="62600000")
    ArchivedRule.objects.filter(pk=orange.pk).update(
        state=RuleState.TAKEN, account=account, decided_at=NOW, decided_by=dext.user
    )
    other = [RULES[0] | {"due_days": 45}, RULES[1] | {"account": "6063"}, {"supplier": "EDF", "account": "6061"}]
    answer = activated(dext, other)
    assert answer["generation"] == 2
    assert [rule["state"] for rule in answer["rules"]] == ["taken", "undecided", "undecided"]
    assert answer["rules"][0]["taken_account"] == "62600000"
    current = ArchivedRule.objects.current(company).order_by("supplier_name")
    assert [(rule.supplier_name, rule.archive.generation) for rule in current] == [
        ("EDF", 2), ("Inconnu", 1), ("Orange", 2), ("Starbucks", 2)
    ]  # fmt: skip
    orange.refresh_from_db()
    assert (orange.state, orange.is_current) == (RuleState.TAKEN, False)


def test_megs_own_rules_stay(dext, company):
    supplier = Supplier.objects.create(company=company, name="Orange")
    rule = SupplierRule.objects.create(company=company, supplier=supplier, due_days=10)
    activated(dext)
    dext.call("delete", dext.on_company("connection/"))
    again = calling(dext.user, company)
    assert again.call("post", again.on_company("activation/"), {"rules": RULES}).status_code == 401
    company.dext_connection.disconnected_at = company.dext_connection.disconnected_by = None
    company.dext_connection.save()
    activated(again, [])
    rule.refresh_from_db()
    assert rule.due_days == 10


def test_two_rules_of_one_supplier_that_disagree_propose_nothing(dext):
    answer = activated(dext, [RULES[0], {"supplier": "ORANGE", "account": "6257"}])
    assert [rule["proposal"] for rule in answer["rules"]] == [None, None]
    assert "Deux règles" in answer["rules"][0]["reason"]


def test_every_bad_rule_is_told_with_its_place(dext):
    bad = [
        {"supplier": "", "account": 6257},
        {"supplier": "A", "account": "6257", "vat_rate": "200.00", "due_days": 400},
        "rule",
        {"supplier": "B", "account": "6257", "due_days": True},
    ]
    answer = dext.call("post", dext.on_company("activation/"), {"rules": bad})
    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "/rules/0/supplier", "/rules/0/account", "/rules/1/vat_rate", "/rules/1/due_days", "/rules",
        "/rules/3/due_days",
    }  # fmt: skip
    assert not RuleArchive.objects.exists()


def test_five_thousand_rules_are_archived_and_not_one_more(dext, django_assert_max_num_queries):
    many = [{"supplier": f"F{n}", "account": "6257"} for n in range(5_000)]
    with django_assert_max_num_queries(60):
        assert activated(dext, many)["proposed_count"] == 5_000
    answer = dext.call("post", dext.on_company("activation/"), {"rules": [*many, many[0]]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "too_many")


def test_who_may_only_read_activates_nothing_and_nobody_a_foreign_company(company, dext):
    reader = calling(member_of(company, Role.READER), company)
    assert reader.call("post", reader.on_company("activation/"), {"rules": RULES}).status_code == 403
    other = CompanyFactory()
    assert dext.call("post", f"companies/{other.pk}/activation/", {"rules": RULES}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_activations_at_once_make_one_archive(dext, company):
    answers = []

    def call() -> None:
        caller = calling(dext.user, company)
        caller.client = Client()
        answers.append(caller.call("post", caller.on_company("activation/"), {"rules": RULES}).status_code)
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200]
    assert RuleArchive.objects.count() == 1
    assert ArchivedRule.objects.count() == len(RULES)


def test_an_archive_is_what_came_even_where_the_chart_changes_later(company, dext):
    _, rules = activate(company=company, rules=read_rules({"rules": RULES}), by=dext.user, at=NOW)
    company.accounts.filter(code="62600000").update(is_active=False)
    assert [rule.pk for rule in ArchivedRule.objects.current(company).proposed()] == [rules[1].pk]
