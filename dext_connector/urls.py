"""The addresses of the connector: the API, the endpoints of OAuth 2, and the pages."""

from django.urls import include, path

from dext_connector.views import firm_defaults, oauth
from dext_connector.views.moves import whereabouts

urlpatterns = [
    path("api/dext/v1/", include("dext_connector.api_urls")),
    path("oauth/authorize/", oauth.ConsentView.as_view(), name="oauth_authorize"),
    path("oauth/token/", oauth.TokenView.as_view(), name="oauth_token"),
    path("oauth/revoke_token/", oauth.RevokeTokenView.as_view(), name="oauth_revoke_token"),
    path("cabinet/dext/", firm_defaults.firm_defaults, name="dext_firm_defaults"),
    path("ou-est-ma-facture/", whereabouts, name="whereabouts"),
    path("dossiers/<uuid:company_id>/", include("dext_connector.page_urls")),
]
