from dext_connector.models.authorization import DextAuthorization, DextAuthorizationQuerySet
from dext_connector.models.batch import PublishBatch
from dext_connector.models.client import ClientApplication
from dext_connector.models.connection import DextConnection
from dext_connector.models.document_fetch import DocumentFetch, FetchState
from dext_connector.models.export import DateOrder, ExportImport, ExportRow, ExportState, Outcome
from dext_connector.models.inbox import Fate, InboxItem, InboxItemQuerySet
from dext_connector.models.notice import ConnectionNotice, NoticeKind
from dext_connector.models.reference import ReferenceVersions
from dext_connector.models.rules import ArchivedRule, ArchivedRuleQuerySet, Basis, RuleArchive, RuleDeed, RuleState
from dext_connector.models.settings import Destination, FirmIntegrationDefaults, IntegrationSettings
from dext_connector.models.visit import ReceptionVisit
from dext_connector.models.webhook import DeliveryState, PublicKind, Webhook, WebhookDelivery

__all__ = [
    "ArchivedRule",
    "ArchivedRuleQuerySet",
    "Basis",
    "ClientApplication",
    "ConnectionNotice",
    "DateOrder",
    "DeliveryState",
    "Destination",
    "DextAuthorization",
    "DextAuthorizationQuerySet",
    "DextConnection",
    "DocumentFetch",
    "ExportImport",
    "ExportRow",
    "ExportState",
    "Fate",
    "FetchState",
    "FirmIntegrationDefaults",
    "InboxItem",
    "InboxItemQuerySet",
    "IntegrationSettings",
    "NoticeKind",
    "Outcome",
    "PublicKind",
    "PublishBatch",
    "ReceptionVisit",
    "ReferenceVersions",
    "RuleArchive",
    "RuleDeed",
    "RuleState",
    "Webhook",
    "WebhookDelivery",
]
