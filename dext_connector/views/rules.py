"""« Activer l'intégration », the live rules of suppliers, and the suppliers themselves."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from dext_connector.calls.api import CompanyListView, CompanyView, uuid_of
from dext_connector.entering_suppliers import enter_supplier, suppliers_for
from dext_connector.reference import SUPPLIER_RULES
from dext_connector.rules.activating import activate
from dext_connector.rules.live import create_rule, delete_rule, replace_rule, rule_of, rules_for
from dext_connector.serializers.reference import supplier_answer
from dext_connector.serializers.rules import (
    activation_answer,
    read_rules,
    read_supplier,
    read_supplier_rule,
    supplier_rule_answer,
)
from dext_connector.views import lists
from firms.roles import Right

WRITING = ("POST", "PUT", "DELETE")


class Writing(CompanyView):
    """Reading for who reads, writing for who keeps the books."""

    scopes = dict.fromkeys(WRITING, "settings:write")
    rights = dict.fromkeys(WRITING, Right.WRITE)


class ActivationView(Writing):
    """`POST activation/`: Dext's rules are archived, answered with what MEG proposes; `?dry_run=true` only looks."""

    def post(self, request: Request, company_id: str) -> Response:
        is_dry_run = request.query_params.get("dry_run", "").lower() in {"true", "1"}
        archive, rules = activate(
            company=self.company, rules=read_rules(self.body), by=self.user, at=timezone.now(), is_dry_run=is_dry_run
        )
        answer = activation_answer(archive, rules, company=self.company, base_url=self.base_url, is_dry_run=is_dry_run)
        return Response(answer)


class SupplierRulesView(Writing, CompanyListView):
    answer = supplier_rule_answer
    shown = SUPPLIER_RULES

    def rows(self) -> QuerySet:
        return rules_for(self.company)

    def post(self, request: Request, company_id: str) -> Response:
        sent = read_supplier_rule(self.body, is_new=True)
        rule, is_new = create_rule(company=self.company, sent=sent, by=self.user, at=timezone.now())
        place = reverse("dext_api:supplier_rule", args=[self.company.pk, rule.pk])
        return Response(supplier_rule_answer(rule), status=201 if is_new else 200, headers={"Location": place})


class SupplierRuleView(Writing):
    def get(self, request: Request, company_id: str, rule_id: str) -> Response:
        return Response(supplier_rule_answer(rule_of(self.company, rule_id)))

    def put(self, request: Request, company_id: str, rule_id: str) -> Response:
        rule, sent = rule_of(self.company, rule_id), read_supplier_rule(self.body, is_new=False)
        return Response(supplier_rule_answer(replace_rule(rule=rule, sent=sent, by=self.user, at=timezone.now())))

    def delete(self, request: Request, company_id: str, rule_id: str) -> Response:
        delete_rule(rule=rule_of(self.company, rule_id), by=self.user, at=timezone.now())
        return Response(status=204)


class SuppliersView(Writing, lists.SuppliersView):
    """`POST suppliers/`: the supplier that MEG has, else a new one."""

    def post(self, request: Request, company_id: str) -> Response:
        supplier, is_new = enter_supplier(company=self.company, sent=read_supplier(self.body))
        place = reverse("dext_api:supplier", args=[self.company.pk, supplier.pk])
        return Response(supplier_answer(supplier), status=201 if is_new else 200, headers={"Location": place})


class SupplierView(Writing):
    def get(self, request: Request, company_id: str, supplier_id: str) -> Response:
        return Response(supplier_answer(get_object_or_404(suppliers_for(self.company), pk=uuid_of(supplier_id))))
