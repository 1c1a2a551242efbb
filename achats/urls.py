from django.urls import path

from achats import (
    account_choice_views,
    comment_views,
    deposit_views,
    document_views,
    duplicate_views,
    entry_views,
    posting_run_views,
    posting_views,
    split_views,
    supplier_views,
    views,
)

app_name = "achats"
LIST = "dossiers/<uuid:company_id>/achats/"
DETAIL = f"{LIST}<uuid:invoice_id>/"
SUPPLIER = "dossiers/<uuid:company_id>/fournisseurs/<uuid:supplier_id>/"
DOCUMENT = "dossiers/<uuid:company_id>/pieces/<uuid:document_id>/"

urlpatterns = [
    path(LIST, views.invoice_list, name="list"),
    path(f"{LIST}total/", views.list_total, name="total"),
    path(f"{LIST}comptes/", account_choice_views.account_choices, name="account_choices"),
    path(f"{LIST}publication/", posting_run_views.choose, name="choose_posting"),
    path(f"{LIST}publication/lancer/", posting_run_views.start, name="start_posting"),
    path(f"{LIST}publication/<uuid:run_id>/", posting_run_views.progress, name="posting_run"),
    path(f"{LIST}publication/<uuid:run_id>/annuler/", posting_run_views.undo, name="undo_posting"),
    path(f"{LIST}depot/", deposit_views.deposit, name="deposit"),
    path(f"{LIST}depot/factures/", deposit_views.make, name="deposit_make"),
    path(f"{LIST}doublons/", duplicate_views.duplicates, name="duplicates"),
    path(f"{LIST}doublons/<uuid:first_id>/<uuid:second_id>/", duplicate_views.decide, name="decide_duplicate"),
    path(f"{LIST}nouvelle/", entry_views.new_invoice, name="new"),
    path(f"{DETAIL}saisie/", entry_views.complete, name="complete"),
    path(DETAIL, views.invoice_detail, name="detail"),
    path(f"{DETAIL}piece/", views.invoice_viewer, name="viewer"),
    path(f"{DETAIL}piece/seule/", views.document_window, name="document_window"),
    path(f"{DETAIL}correction/", views.correct, name="correct"),
    path(f"{DETAIL}compte/", views.take_account, name="take_account"),
    path(f"{DETAIL}pas-un-doublon/", views.keep_both, name="keep_both"),
    path(f"{DETAIL}commentaires/", comment_views.comment, name="comment"),
    path(f"{DETAIL}commentaires/<uuid:comment_id>/retrait/", comment_views.withdraw, name="withdraw_comment"),
    path(f"{DETAIL}ventilation/", split_views.split, name="split"),
    path(f"{DETAIL}une-ligne/", split_views.unite, name="unite"),
    path(f"{DETAIL}ecriture/", posting_views.preview, name="preview"),
    path(f"{DETAIL}ecriture/ligne/", posting_views.row_entry, name="row_entry"),
    path(f"{DETAIL}publication/", posting_views.post, name="post"),
    path(f"{DETAIL}publication/annuler/", posting_views.unpost, name="unpost"),
    path(f"{DETAIL}contre-passation/", posting_views.reverse_entry, name="reverse"),
    path(SUPPLIER, supplier_views.supplier, name="supplier"),
    path(f"{SUPPLIER}modification/", supplier_views.edit, name="supplier_edit"),
    path(DOCUMENT, document_views.document_original, name="document"),
    path(f"{DOCUMENT}pages/<int:number>/", document_views.document_page, name="document_page"),
]
