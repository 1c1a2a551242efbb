"""« Activer l'intégration »: looked at first, then Dext's rules give way to MEG's."""

from dext_connector.models import RuleArchive
from dext_connector.simulator.activation import activate, activation_screen


def test_looking_archives_nothing_and_says_what_would_be_replaced(connected):
    screen = activation_screen()
    assert [(rule["supplier"], rule["account"]) for rule in screen["activation"]["rules"]] == [
        ("Franprix", "6257"),
        ("Starbucks", "62570000 - Réceptions"),
        ("EDF", "606100"),
    ]
    assert (screen["is_active"], RuleArchive.objects.exists()) == (False, False)


def test_an_activation_archives_dexts_rules_and_shows_megs(connected, company):
    answer = activate()
    proposals = {rule["supplier"]: (rule["proposal"] or {}).get("account") for rule in answer["rules"]}
    assert (proposals["Franprix"], proposals["Starbucks"]) == ("62570000", "62570000")
    assert RuleArchive.objects.get().company == company
    assert (activation_screen()["is_active"], activation_screen()["live_rules"]) == (True, [])
    assert RuleArchive.objects.count() == 1
