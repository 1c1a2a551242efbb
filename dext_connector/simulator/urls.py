from django.urls import path

from dext_connector.simulator import views

app_name = "simulator"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("connexion/", views.connection, name="connection"),
    path("deconnexion/", views.disconnection, name="disconnection"),
    path("dossier/", views.company, name="company"),
    path("parametres/", views.company_settings, name="settings"),
    path("parametres/compte/", views.account_settings, name="account_settings"),
    path("publication/", views.publication_of_all, name="publish_all"),
    path("publication-automatique/", views.automatic, name="automatic"),
    path("actualisation/", views.refresh, name="refresh"),
    path("effacement/", views.erasing, name="erase"),
    path("remise-a-zero/", views.restart, name="reset"),
    path("documents/<str:external_id>/", views.mending, name="mend"),
    path("documents/<str:external_id>/publication/", views.publication, name="publish"),
]
