from dext_connector.models.connection import DextConnection
from dext_connector.models.inbox import Fate, InboxItem, InboxItemQuerySet
from dext_connector.models.reference import ReferenceVersions
from dext_connector.models.settings import Destination, FirmIntegrationDefaults, IntegrationSettings

__all__ = [
    "Destination",
    "DextConnection",
    "Fate",
    "FirmIntegrationDefaults",
    "InboxItem",
    "InboxItemQuerySet",
    "IntegrationSettings",
    "ReferenceVersions",
]
