from django.urls import path

from achats import account_choice_views, comment_views, document_views, split_views, views

app_name = "achats"
LIST = "dossiers/<uuid:company_id>/achats/"
DETAIL = f"{LIST}<uuid:invoice_id>/"
DOCUMENT = "dossiers/<uuid:company_id>/pieces/<uuid:document_id>/"

urlpatterns = [
    path(LIST, views.invoice_list, name="list"),
    path(f"{LIST}total/", views.list_total, name="total"),
    path(f"{LIST}comptes/", account_choice_views.account_choices, name="account_choices"),
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
    path(DOCUMENT, document_views.document_original, name="document"),
    path(f"{DOCUMENT}pages/<int:number>/", document_views.document_page, name="document_page"),
]
