from django.urls import path

from dext_connector.simulator import linking, views

app_name = "simulator"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("connexion/", views.connection, name="connection"),
    path("connexion/consentement/", linking.consent, name="consent"),
    path("connexion/retour/", linking.consent_return, name="consent_return"),
    path("activation/", linking.activation, name="activation"),
    path("retours/", linking.returns, name="returns"),
    path("retours/inscription/", linking.registration, name="returns_registration"),
    path("retours/essai/", linking.test, name="returns_test"),
    path("retours/lecture/", linking.polling, name="returns_poll"),
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
    path("documents/<str:external_id>/image/", views.picture, name="picture"),
]
