"""`/dossiers/<id>/`: the pages of a company that speak of Dext."""

from django.urls import path

from dext_connector.views import moves, pages, receptions

app_name = "dext_connector"

urlpatterns = [
    path("dext/", pages.connection, name="connection"),
    path("receptions/", receptions.receipts, name="receipts"),
    path("receptions/export/", receptions.export, name="receipts_export"),
    path("receptions/rejouer/", receptions.replay_all, name="replay_all"),
    path("receptions/<uuid:reception_id>/rejouer/", receptions.replay, name="replay"),
    path("receptions/<uuid:reception_id>/piece/", receptions.document, name="reception_document"),
    path("receptions/<uuid:reception_id>/deplacer/", moves.move, name="move"),
]
