from django.urls import path

from achats.views import by_hand as entry_views
from achats.views import choices as choice_views
from achats.views import comments as comment_views
from achats.views import correction_runs as correction_run_views
from achats.views import deposits as deposit_views
from achats.views import documents as document_views
from achats.views import duplicates as duplicate_views
from achats.views import exports as export_views
from achats.views import list as list_views
from achats.views import posting as posting_views
from achats.views import posting_runs as posting_run_views
from achats.views import purchases as views
from achats.views import saved_views as saved_view_views
from achats.views import selection as selection_views
from achats.views import splits as split_views
from achats.views import suppliers as supplier_views

app_name = "achats"
LIST = "dossiers/<uuid:company_id>/achats/"
DETAIL = f"{LIST}<uuid:invoice_id>/"
SUPPLIER = "dossiers/<uuid:company_id>/fournisseurs/<uuid:supplier_id>/"
DOCUMENT = "dossiers/<uuid:company_id>/pieces/<uuid:document_id>/"

urlpatterns = [
    path(LIST, views.invoice_list, name="list"),
    path(f"{LIST}comptes/", choice_views.account_choices, name="account_choices"),
    path("dossiers/<uuid:company_id>/fournisseurs/choix/", choice_views.supplier_choices, name="supplier_choices"),
    path(f"{LIST}publication/", posting_run_views.choose, name="choose_posting"),
    path(f"{LIST}publication/lancer/", posting_run_views.start, name="start_posting"),
    path(f"{LIST}publication/<uuid:run_id>/", posting_run_views.progress, name="posting_run"),
    path(f"{LIST}publication/<uuid:run_id>/annuler/", posting_run_views.undo, name="undo_posting"),
    path(f"{LIST}depot/", deposit_views.deposit, name="deposit"),
    path(f"{LIST}depot/factures/", deposit_views.make, name="deposit_make"),
    path(f"{LIST}doublons/", duplicate_views.duplicates, name="duplicates"),
    path(f"{LIST}doublons/<uuid:first_id>/<uuid:second_id>/", duplicate_views.decide, name="decide_duplicate"),
    path(f"{LIST}doublons/<uuid:first_id>/<uuid:second_id>/annulation/", duplicate_views.undo, name="undo_duplicate"),
    path(f"{DETAIL}retablissement/", duplicate_views.restore, name="restore"),
    path(f"{LIST}nouvelle/", entry_views.new_invoice, name="new"),
    path(f"{DETAIL}saisie/", entry_views.complete, name="complete"),
    path(f"{LIST}onglets/", list_views.list_tabs, name="tabs"),
    path(f"{LIST}total/", list_views.list_total, name="total"),
    path(f"{LIST}export.csv", export_views.export_csv, name="export_csv"),
    path(f"{LIST}export.xlsx", export_views.export_xlsx, name="export_xlsx"),
    path(f"{LIST}nouvelles/", list_views.arrivals, name="arrivals"),
    path(f"{LIST}vues/", saved_view_views.save, name="save_view"),
    path(f"{LIST}vues/<uuid:view_id>/nom/", saved_view_views.rename, name="rename_view"),
    path(f"{LIST}vues/<uuid:view_id>/suppression/", saved_view_views.delete, name="delete_view"),
    path(f"{LIST}selection/", selection_views.change_selection, name="change_selection"),
    path(f"{LIST}selection/total/", list_views.selection_total, name="selection_total"),
    path(f"{LIST}gestes/<uuid:deed_id>/annulation/", selection_views.undo, name="undo_correction"),
    path(f"{LIST}changements/<uuid:run_id>/", correction_run_views.progress, name="correction_run"),
    path(f"{LIST}changements/<uuid:run_id>/annulation/", correction_run_views.undo, name="undo_correction_run"),
    path(f"{DETAIL}ligne/", list_views.list_row, name="row"),
    path(f"{DETAIL}ligne/compte/", list_views.account_field, name="account_field"),
    path(f"{DETAIL}ligne/reglement/", list_views.row_match, name="row_match"),
    path(DETAIL, views.invoice_detail, name="detail"),
    path(f"{DETAIL}piece/", views.invoice_viewer, name="viewer"),
    path(f"{DETAIL}piece/seule/", views.document_window, name="document_window"),
    path(f"{DETAIL}piece/ajout/", document_views.attach, name="attach"),
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
