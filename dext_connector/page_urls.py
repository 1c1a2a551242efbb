"""`/dossiers/<id>/`: the pages of a company that speak of Dext."""

from django.urls import path

from dext_connector.views import exports, pages

app_name = "dext_connector"

urlpatterns = [
    path("dext/", pages.connection, name="connection"),
    path("dext/import/", exports.exports, name="exports"),
    path("dext/import/<uuid:export_id>/", exports.export, name="export"),
    path("dext/import/<uuid:export_id>/demarrer/", exports.start, name="export_start"),
    path("dext/import/<uuid:export_id>/abandonner/", exports.drop, name="export_drop"),
    path("dext/import/<uuid:export_id>/refus.csv", exports.refusals, name="export_refusals"),
    path("receptions/", pages.receipts, name="receipts"),
]
