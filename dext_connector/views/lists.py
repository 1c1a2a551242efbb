"""The reference lists that Dext loads: destinations, accounts, VAT codes, suppliers, payment methods."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from achats.models import PaymentMethod, Supplier
from dext_connector import reference
from dext_connector.api import CompanyListView, CompanyView
from dext_connector.conditional import digest, with_etag
from dext_connector.serializers import reference as answers
from ledger.models import Account, VatCode


class DestinationsView(CompanyView):
    def get(self, request: Request, company_id: str) -> Response:
        answer = {"items": reference.destinations(), "next_cursor": None}
        return with_etag(request, digest(answer), lambda: answer)


class ReferenceVersionView(CompanyView):
    """`GET reference/version/`: when to load a list again."""

    def get(self, request: Request, company_id: str) -> Response:
        versions = reference.versions_of(self.company)
        return with_etag(request, digest(versions), lambda: versions)


class AccountsView(CompanyListView):
    key = "code"
    answer = answers.account_answer
    shown = reference.ACCOUNTS

    def rows(self) -> QuerySet:
        return Account.objects.filter(company=self.company).select_related("default_vat_code")


class VatCodesView(CompanyListView):
    key = "code"
    answer = answers.vat_code_answer
    shown = reference.VAT_CODES

    def rows(self) -> QuerySet:
        return VatCode.objects.filter(company=self.company)


class PaymentMethodsView(CompanyListView):
    answer = answers.payment_method_answer
    shown = reference.PAYMENT_METHODS

    def rows(self) -> QuerySet:
        rows = PaymentMethod.objects.filter(company=self.company)
        return rows.select_related("person_account", "mapping__bank_account")


class SuppliersView(CompanyListView):
    answer = answers.supplier_answer
    shown = reference.SUPPLIERS

    def rows(self) -> QuerySet:
        return Supplier.objects.filter(company=self.company).select_related("rule__account", "rule__vat_code")
