"""Where MEG opens, and what waits in a company."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("dossiers/<uuid:company_id>/", views.dashboard, name="dashboard"),
    path("dossiers/<uuid:company_id>/sommes/", views.charts, name="charts"),
]
