from django.urls import path

from banking.views import accounts, columns, deeds, feeds, imports, methods

app_name = "banking"
BANK = "dossiers/<uuid:company_id>/banque/"
IMPORT = f"{BANK}imports/<uuid:import_id>/"
FEED = "api/bank/v1/companies/<uuid:company_id>/statements/"
MATCH = f"{BANK}rapprochements/<uuid:invoice_id>/<uuid:match_id>/"

urlpatterns = [
    path(BANK, accounts.account_list, name="accounts"),
    path(f"{BANK}imports/", imports.statement_imports, name="imports"),
    path(IMPORT, imports.import_row, name="import"),
    path(f"{IMPORT}reponse/", imports.answer, name="answer"),
    path(f"{IMPORT}colonnes/", columns.csv_columns, name="columns"),
    path(f"{IMPORT}annulation/", imports.withdraw, name="withdraw"),
    path(f"{BANK}moyens-de-paiement/", methods.payment_methods, name="methods"),
    path(f"{BANK}<uuid:account_id>/", accounts.transaction_list, name="transactions"),
    path(FEED, feeds.bring, name="feed"),
    path(f"{FEED}<uuid:import_id>/", feeds.standing, name="feed_import"),
    path(f"{MATCH}confirmation/", deeds.confirm, name="confirm"),
    path(f"{MATCH}refus/", deeds.refuse, name="refuse"),
    path(f"{MATCH}annulation/", deeds.undo, name="undo"),
]
