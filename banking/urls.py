from django.urls import path

from banking.views import (
    accounts,
    automation,
    codings,
    columns,
    deeds,
    feeds,
    imports,
    learnt,
    methods,
    pieces,
    pieces_public,
    review,
    review_deeds,
    review_runs,
)

app_name = "banking"
BANK = "dossiers/<uuid:company_id>/banque/"
IMPORT = f"{BANK}imports/<uuid:import_id>/"
PIECES = f"{BANK}pieces-a-demander/"
FEED = "api/bank/v1/companies/<uuid:company_id>/statements/"
MATCH = f"{BANK}rapprochements/<uuid:invoice_id>/<uuid:match_id>/"
REVIEW = "dossiers/<uuid:company_id>/rapprochement/"
LINE = f"{REVIEW}<uuid:line_id>/"

urlpatterns = [
    path(BANK, accounts.account_list, name="accounts"),
    path(f"{BANK}imports/", imports.statement_imports, name="imports"),
    path(IMPORT, imports.import_row, name="import"),
    path(f"{IMPORT}reponse/", imports.answer, name="answer"),
    path(f"{IMPORT}colonnes/", columns.csv_columns, name="columns"),
    path(f"{IMPORT}annulation/", imports.withdraw, name="withdraw"),
    path(f"{BANK}moyens-de-paiement/", methods.payment_methods, name="methods"),
    path(PIECES, pieces.missing, name="pieces"),
    path(f"{PIECES}demande/", pieces.ask, name="pieces_ask"),
    path(f"{PIECES}<uuid:request_id>/retrait/", pieces.revoke, name="pieces_revoke"),
    path(f"{PIECES}<uuid:request_id>/relances/", pieces.switch, name="pieces_switch"),
    path(f"{PIECES}<uuid:request_id>/relance/", pieces.remind, name="pieces_remind"),
    path("pieces/<str:token>/", pieces_public.requested, name="pieces_public"),
    path("pieces/<str:token>/<uuid:line_id>/", pieces_public.bring, name="pieces_bring"),
    path(f"{BANK}<uuid:account_id>/", accounts.transaction_list, name="transactions"),
    path(f"{BANK}<uuid:account_id>/imports/", imports.statement_imports, name="account_imports"),
    path(f"{BANK}<uuid:account_id>/automatique/", automation.automation, name="automation"),
    path(f"{BANK}<uuid:account_id>/compte-comptable/", automation.book, name="book"),
    path(f"{BANK}lignes/<uuid:line_id>/compte/", codings.code, name="code"),
    path(f"{BANK}lignes/<uuid:line_id>/compte/retrait/", codings.uncode, name="uncode"),
    path(FEED, feeds.bring, name="feed"),
    path(f"{FEED}<uuid:import_id>/", feeds.standing, name="feed_import"),
    path(f"{MATCH}confirmation/", deeds.confirm, name="confirm"),
    path(f"{MATCH}refus/", deeds.refuse, name="refuse"),
    path(f"{MATCH}annulation/", deeds.undo, name="undo"),
    path(f"{MATCH}nouvelle-proposition/", deeds.reopen, name="reopen"),
    path(REVIEW, review.review, name="review"),
    path(f"{REVIEW}exacts/", review_deeds.confirm_page, name="review_confirm_page"),
    path(f"{REVIEW}annulation/", review_deeds.undo_many, name="review_undo_many"),
    path(f"{REVIEW}relance/", review_runs.ask, name="review_ask"),
    path(f"{REVIEW}execution/", review_runs.progress, name="review_progress"),
    path(f"{REVIEW}appris/", learnt.learnt, name="review_learnt"),
    path(f"{REVIEW}appris/poids/oubli/", learnt.forget_learnt_weights, name="review_forget_weights"),
    path(f"{REVIEW}appris/<uuid:alias_id>/oubli/", learnt.forget, name="review_forget"),
    path(LINE, review.pair, name="review_pair"),
    path(f"{LINE}decision/", review_deeds.decide, name="review_decide"),
    path(f"{LINE}recherche/", review.search, name="review_search"),
    path(f"{LINE}a-la-main/", review_deeds.match_chosen, name="review_match"),
]
