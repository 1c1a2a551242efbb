from dext_connector.models.connection import DextConnection
from dext_connector.models.export import DateOrder, ExportImport, ExportRow, ExportState, Outcome
from dext_connector.models.inbox import Fate, InboxItem, InboxItemQuerySet
from dext_connector.models.settings import Destination, FirmIntegrationDefaults, IntegrationSettings

__all__ = [
    "DateOrder",
    "Destination",
    "DextConnection",
    "ExportImport",
    "ExportRow",
    "ExportState",
    "Fate",
    "FirmIntegrationDefaults",
    "InboxItem",
    "InboxItemQuerySet",
    "IntegrationSettings",
    "Outcome",
]
