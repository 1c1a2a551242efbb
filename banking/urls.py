from django.urls import path

from banking.views import accounts, deeds, imports, methods

app_name = "banking"
BANK = "dossiers/<uuid:company_id>/banque/"
MATCH = f"{BANK}rapprochements/<uuid:invoice_id>/<uuid:match_id>/"

urlpatterns = [
    path(BANK, accounts.account_list, name="accounts"),
    path(f"{BANK}imports/", imports.statement_imports, name="imports"),
    path(f"{BANK}moyens-de-paiement/", methods.payment_methods, name="methods"),
    path(f"{BANK}<uuid:account_id>/", accounts.transaction_list, name="transactions"),
    path(f"{MATCH}confirmation/", deeds.confirm, name="confirm"),
    path(f"{MATCH}refus/", deeds.refuse, name="refuse"),
    path(f"{MATCH}annulation/", deeds.undo, name="undo"),
]
