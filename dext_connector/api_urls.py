"""`/api/dext/v1/`: what Dext calls."""

from django.urls import path

from dext_connector.api import NothingHere
from dext_connector.views import connection, description, items, lists, settings

app_name = "dext_api"
COMPANY = "companies/<str:company_id>/"

urlpatterns = [
    path("login/", connection.LoginView.as_view(), name="login"),
    path("me/", connection.MeView.as_view(), name="me"),
    path("account-settings/", settings.AccountSettingsView.as_view(), name="account_settings"),
    path("companies/", connection.CompaniesView.as_view(), name="companies"),
    path(COMPANY, connection.CompanyDetailView.as_view(), name="company"),
    path(f"{COMPANY}connection/", connection.ConnectionView.as_view(), name="connection"),
    path(f"{COMPANY}settings/", settings.SettingsView.as_view(), name="settings"),
    path(f"{COMPANY}destinations/", lists.DestinationsView.as_view(), name="destinations"),
    path(f"{COMPANY}accounts/", lists.AccountsView.as_view(), name="accounts"),
    path(f"{COMPANY}vat-codes/", lists.VatCodesView.as_view(), name="vat_codes"),
    path(f"{COMPANY}payment-methods/", lists.PaymentMethodsView.as_view(), name="payment_methods"),
    path(f"{COMPANY}suppliers/", lists.SuppliersView.as_view(), name="suppliers"),
    path(f"{COMPANY}reference/version/", lists.ReferenceVersionView.as_view(), name="reference_version"),
    path(f"{COMPANY}bank-transactions/", lists.BankTransactionsView.as_view(), name="bank_transactions"),
    path(f"{COMPANY}publish/", items.PublishView.as_view(), name="publish"),
    path(f"{COMPANY}items/<str:external_id>/", items.ItemView.as_view(), name="item"),
    path(f"{COMPANY}items/<str:external_id>/cancellation/", items.CancellationView.as_view(), name="cancellation"),
    path("schema/", description.SchemaView.as_view(), name="schema"),
    path("docs/", description.DocsView.as_view(), name="docs"),
    path("<path:rest>", NothingHere.as_view()),
    path("", NothingHere.as_view()),
]
