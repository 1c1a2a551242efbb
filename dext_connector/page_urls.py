"""`/dossiers/<id>/`: the pages of a company that speak of Dext."""

from django.urls import path

from dext_connector.views import pages

app_name = "dext_connector"

urlpatterns = [
    path("dext/", pages.connection, name="connection"),
    path("dext/deconnexion/", pages.disconnect, name="disconnect"),
    path("receptions/", pages.receipts, name="receipts"),
]
