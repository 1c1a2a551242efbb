from django.urls import path

from achats import (
    document_views,
    export_views,
    list_views,
    saved_view_views,
    selection_views,
    split_views,
    views,
)

app_name = "achats"
LIST = "dossiers/<uuid:company_id>/achats/"
DETAIL = f"{LIST}<uuid:invoice_id>/"
DOCUMENT = "dossiers/<uuid:company_id>/pieces/<uuid:document_id>/"

urlpatterns = [
    path(LIST, views.invoice_list, name="list"),
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
    path(f"{DETAIL}ligne/", list_views.list_row, name="row"),
    path(f"{DETAIL}ligne/compte/", list_views.account_field, name="account_field"),
    path(DETAIL, views.invoice_detail, name="detail"),
    path(f"{DETAIL}piece/", views.invoice_viewer, name="viewer"),
    path(f"{DETAIL}correction/", views.correct, name="correct"),
    path(f"{DETAIL}compte/", views.take_account, name="take_account"),
    path(f"{DETAIL}pas-un-doublon/", views.keep_both, name="keep_both"),
    path(f"{DETAIL}ventilation/", split_views.split, name="split"),
    path(f"{DETAIL}une-ligne/", split_views.unite, name="unite"),
    path(DOCUMENT, document_views.document_original, name="document"),
    path(f"{DOCUMENT}pages/<int:number>/", document_views.document_page, name="document_page"),
]
