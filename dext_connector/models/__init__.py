from dext_connector.models.batch import PublishBatch
from dext_connector.models.connection import DextConnection
from dext_connector.models.inbox import Fate, InboxItem, InboxItemQuerySet
from dext_connector.models.rules import (
    ArchivedRule,
    ArchivedRuleQuerySet,
    Basis,
    RuleArchive,
    RuleDeed,
    RuleState,
)
from dext_connector.models.settings import Destination, FirmIntegrationDefaults, IntegrationSettings
from dext_connector.models.visit import ReceptionVisit

__all__ = [
    "ArchivedRule",
    "ArchivedRuleQuerySet",
    "Basis",
    "Destination",
    "DextConnection",
    "Fate",
    "FirmIntegrationDefaults",
    "InboxItem",
    "InboxItemQuerySet",
    "IntegrationSettings",
    "PublishBatch",
    "ReceptionVisit",
    "RuleArchive",
    "RuleDeed",
    "RuleState",
]
