"""Where MEG opens, and what waits in a company."""

from django.urls import path

from desk import firm_views, jump_views, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("aller/", jump_views.jump, name="jump"),
    path("dossiers/<uuid:company_id>/aller/", jump_views.jump_in_company, name="jump_in_company"),
    path("cabinet/", firm_views.firm_dashboard, name="firm"),
    path("cabinet/comptage/", firm_views.recount, name="recount"),
    path("dossiers/<uuid:company_id>/", views.dashboard, name="dashboard"),
    path("dossiers/<uuid:company_id>/premieres-etapes/", views.first_steps, name="first_steps"),
    path("dossiers/<uuid:company_id>/sommes/", views.charts, name="charts"),
]
