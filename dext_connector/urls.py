"""The addresses of the connector: the API, the token endpoints of OAuth 2, and the pages."""

from django.urls import include, path
from oauth2_provider.views import RevokeTokenView, TokenView

from dext_connector.views.moves import whereabouts

urlpatterns = [
    path("api/dext/v1/", include("dext_connector.api_urls")),
    path("oauth/token/", TokenView.as_view(), name="oauth_token"),
    path("oauth/revoke_token/", RevokeTokenView.as_view(), name="oauth_revoke_token"),
    path("ou-est-ma-facture/", whereabouts, name="whereabouts"),
    path("dossiers/<uuid:company_id>/", include("dext_connector.page_urls")),
]
