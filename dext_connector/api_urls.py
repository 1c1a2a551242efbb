"""`/api/dext/v1/`: what Dext calls."""

from django.urls import path

from dext_connector.calls.api import NothingHere
from dext_connector.views import connection, description, documents, events, items, lists, rules, settings, webhooks

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
    path(f"{COMPANY}suppliers/", rules.SuppliersView.as_view(), name="suppliers"),
    path(f"{COMPANY}suppliers/<str:supplier_id>/", rules.SupplierView.as_view(), name="supplier"),
    path(f"{COMPANY}supplier-rules/", rules.SupplierRulesView.as_view(), name="supplier_rules"),
    path(f"{COMPANY}supplier-rules/<str:rule_id>/", rules.SupplierRuleView.as_view(), name="supplier_rule"),
    path(f"{COMPANY}activation/", rules.ActivationView.as_view(), name="activation"),
    path(f"{COMPANY}reference/version/", lists.ReferenceVersionView.as_view(), name="reference_version"),
    path(f"{COMPANY}bank-transactions/", lists.BankTransactionsView.as_view(), name="bank_transactions"),
    path(f"{COMPANY}publish/", items.PublishView.as_view(), name="publish"),
    path(f"{COMPANY}publish/batch/", items.BatchView.as_view(), name="publish_batch"),
    path(f"{COMPANY}items/<str:external_id>/", items.ItemView.as_view(), name="item"),
    path(f"{COMPANY}items/<str:external_id>/cancellation/", items.CancellationView.as_view(), name="cancellation"),
    path(f"{COMPANY}items/<str:external_id>/document/", documents.DocumentView.as_view(), name="document"),
    path("events/", events.EventsView.as_view(), name="events"),
    path("webhooks/", webhooks.WebhooksView.as_view(), name="webhooks"),
    path("webhooks/<str:webhook_id>/", webhooks.WebhookView.as_view(), name="webhook"),
    path("webhooks/<str:webhook_id>/test/", webhooks.TestView.as_view(), name="webhook_test"),
    path("webhooks/<str:webhook_id>/secret/", webhooks.SecretView.as_view(), name="webhook_secret"),
    path("webhooks/<str:webhook_id>/deliveries/", webhooks.DeliveriesView.as_view(), name="webhook_deliveries"),
    path("schema/", description.SchemaView.as_view(), name="schema"),
    path("docs/", description.DocsView.as_view(), name="docs"),
    path("<path:rest>", NothingHere.as_view()),
    path("", NothingHere.as_view()),
]
