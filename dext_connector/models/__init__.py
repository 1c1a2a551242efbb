from dext_connector.models.authorization import DextAuthorization, DextAuthorizationQuerySet
from dext_connector.models.client import ClientApplication
from dext_connector.models.connection import DextConnection
from dext_connector.models.inbox import Fate, InboxItem, InboxItemQuerySet
from dext_connector.models.notice import ConnectionNotice, NoticeKind
from dext_connector.models.settings import Destination, FirmIntegrationDefaults, IntegrationSettings

__all__ = [
    "ClientApplication",
    "ConnectionNotice",
    "Destination",
    "DextAuthorization",
    "DextAuthorizationQuerySet",
    "DextConnection",
    "Fate",
    "FirmIntegrationDefaults",
    "InboxItem",
    "InboxItemQuerySet",
    "IntegrationSettings",
    "NoticeKind",
]
