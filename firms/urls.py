"""People and companies: signing in, joining, choosing a company."""

from django.urls import path

from firms.views import companies, invitations, members, preferences, signing_in

app_name = "firms"
urlpatterns = [
    path("connexion/", signing_in.SignInView.as_view(), name="login"),
    path("deconnexion/", signing_in.SignOutView.as_view(), name="logout"),
    path("mot-de-passe/", signing_in.change_password, name="password"),
    path("mot-de-passe/oublie/", signing_in.ForgottenView.as_view(), name="password_forgotten"),
    path("mot-de-passe/envoye/", signing_in.ForgottenSentView.as_view(), name="password_sent"),
    path("mot-de-passe/<uidb64>/<token>/", signing_in.NewPasswordView.as_view(), name="password_new"),
    path("invitation/<str:token>/", invitations.accept, name="invitation"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("cabinet/membres/", members.members, name="members"),
    path("cabinet/membres/inviter/", invitations.invite, name="invite"),
    path("cabinet/membres/<uuid:membership_id>/", members.member, name="member"),
    path("cabinet/membres/<uuid:membership_id>/acces/", members.switch, name="switch_member"),
    path("cabinet/invitations/<uuid:invitation_id>/retrait/", invitations.withdraw, name="withdraw_invitation"),
    path("dossiers/", companies.companies, name="companies"),
]
