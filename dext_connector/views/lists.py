"""The reference lists that Dext loads: destinations, accounts, VAT codes, suppliers, payment methods."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from achats.models import PaymentMethod
from dext_connector.api import CompanyListView, CompanyView
from dext_connector.entering_suppliers import suppliers_for
from dext_connector.models import Destination
from dext_connector.serializers import reference
from ledger.models import Account, VatCode


class DestinationsView(CompanyView):
    def get(self, request: Request, company_id: str) -> Response:
        items = [{"code": code, "label": label} for code, label in Destination.choices]
        return Response({"items": items, "next_cursor": None})


class AccountsView(CompanyListView):
    key = "code"
    answer = reference.account_answer

    def rows(self) -> QuerySet:
        return Account.objects.filter(company=self.company).select_related("default_vat_code")


class VatCodesView(CompanyListView):
    key = "code"
    answer = reference.vat_code_answer

    def rows(self) -> QuerySet:
        return VatCode.objects.filter(company=self.company)


class PaymentMethodsView(CompanyListView):
    answer = reference.payment_method_answer

    def rows(self) -> QuerySet:
        rows = PaymentMethod.objects.filter(company=self.company)
        return rows.select_related("person_account", "mapping__bank_account")


class SuppliersView(CompanyListView):
    answer = reference.supplier_answer

    def rows(self) -> QuerySet:
        return suppliers_for(self.company)
