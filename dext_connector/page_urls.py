"""`/dossiers/<id>/`: the pages of a company that speak of Dext."""

from django.urls import path

from dext_connector.views import exports, live_rules, moves, pages, receptions, rule_deeds, rule_pages

app_name = "dext_connector"

urlpatterns = [
    path("dext/", pages.connection, name="connection"),
    path("dext/deconnexion/", pages.disconnect, name="disconnect"),
    path("dext/regles/", rule_pages.rules, name="rules"),
    path("dext/regles/export/", rule_pages.export, name="rules_export"),
    path("dext/regles/import/", rule_pages.import_sheet, name="rules_import"),
    path("dext/regles/propositions/", rule_deeds.take_all, name="rules_take_all"),
    path("dext/regles/gestes/<uuid:deed_id>/annulation/", rule_deeds.undo, name="rules_undo"),
    path("dext/regles/en-vigueur/", live_rules.live_list, name="live_rules"),
    path("dext/regles/en-vigueur/<uuid:rule_id>/", live_rules.live_rule, name="live_rule"),
    path("dext/regles/en-vigueur/<uuid:rule_id>/suppression/", live_rules.delete, name="live_rule_delete"),
    path("dext/regles/<uuid:rule_id>/prise/", rule_deeds.take, name="rule_take"),
    path("dext/regles/<uuid:rule_id>/choix/", rule_deeds.choose, name="rule_choose"),
    path("dext/regles/<uuid:rule_id>/rejet/", rule_deeds.ignore, name="rule_ignore"),
    path("receptions/", receptions.receipts, name="receipts"),
    path("receptions/export/", receptions.export, name="receipts_export"),
    path("receptions/rejouer/", receptions.replay_all, name="replay_all"),
    path("receptions/<uuid:reception_id>/rejouer/", receptions.replay, name="replay"),
    path("receptions/<uuid:reception_id>/piece/", receptions.document, name="reception_document"),
    path("receptions/<uuid:reception_id>/deplacer/", moves.move, name="move"),
    path("dext/import/", exports.exports, name="exports"),
    path("dext/import/<uuid:export_id>/", exports.export, name="export"),
    path("dext/import/<uuid:export_id>/demarrer/", exports.start, name="export_start"),
    path("dext/import/<uuid:export_id>/abandonner/", exports.drop, name="export_drop"),
    path("dext/import/<uuid:export_id>/refus.csv", exports.refusals, name="export_refusals"),
]
