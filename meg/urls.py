"""Every address of MEG; each floor keeps its own."""

from django.contrib import admin
from django.urls import include, path

from meg.health import healthz

handler500 = "desk.errors.server_error"

urlpatterns = [
    path("healthz/", healthz),
    path("admin/", admin.site.urls),
    path("", include("firms.urls")),
    path("", include("desk.urls")),
    path("", include("achats.urls")),
    path("", include("banking.urls")),
    path("", include("dext_connector.urls")),
    path("simulateur/", include("dext_connector.simulator.urls")),
]
