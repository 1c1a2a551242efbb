"""The reference lists that Dext loads: destinations, accounts, VAT codes, suppliers, payment methods, bank lines."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from achats.models import PaymentMethod
from banking.models import BankTransaction
from dext_connector import reference
from dext_connector.calls.api import CompanyListView, CompanyView
from dext_connector.calls.conditional import digest, with_etag
from dext_connector.entering_suppliers import suppliers_for
from dext_connector.paging import BadPage
from dext_connector.serializers import reference as answers
from ledger.models import Account, VatCode


class OnlyUnmatched(BadPage):
    """Lines that have their match were asked for."""

    def __init__(self) -> None:
        super().__init__("MEG ne donne que les opérations non rapprochées\u00a0: «\u00a0unmatched=true\u00a0».")


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
        return suppliers_for(self.company)


class BankTransactionsView(CompanyListView):
    """`GET bank-transactions/?unmatched=true`: what Dext's own Bank Match may still explain, and nothing more."""

    scopes = {"GET": "bank:read"}
    answer = answers.bank_transaction_answer
    shown = reference.BANK_TRANSACTIONS

    def rows(self) -> QuerySet:
        if self.request.query_params.get("unmatched", "true").lower() not in {"true", "1"}:
            raise OnlyUnmatched
        return BankTransaction.objects.filter(company=self.company).untouched().select_related("account")
