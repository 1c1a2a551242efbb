"""Where MEG opens, and what waits in a company."""

from django.urls import path

from desk import firm_views, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("cabinet/", firm_views.firm_dashboard, name="firm"),
    path("cabinet/comptage/", firm_views.recount, name="recount"),
    path("dossiers/<uuid:company_id>/", views.dashboard, name="dashboard"),
    path("dossiers/<uuid:company_id>/sommes/", views.charts, name="charts"),
]
