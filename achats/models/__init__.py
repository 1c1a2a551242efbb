from achats.models.comment import InvoiceComment
from achats.models.correction_deed import CorrectionDeed
from achats.models.correction_run import CorrectionRun
from achats.models.deposit import Deposit
from achats.models.document import Document, InvoiceDocument
from achats.models.invoice import UNNAMED, Kind, PurchaseInvoice, PurchaseInvoiceQuerySet, Settlement, Source, Status
from achats.models.line import InvoiceLine, Origin
from achats.models.payment_entry import PaymentEntry
from achats.models.payment_method import MethodKind, PaymentMethod
from achats.models.posting_run import PostedInRun, PostingRun
from achats.models.saved_view import SavedView
from achats.models.supplier import LONGEST_DELAY, Supplier, SupplierAlias, SupplierRule, folded_supplier_name

__all__ = [
    "LONGEST_DELAY",
    "UNNAMED",
    "CorrectionDeed",
    "CorrectionRun",
    "Deposit",
    "Document",
    "InvoiceComment",
    "InvoiceDocument",
    "InvoiceLine",
    "Kind",
    "MethodKind",
    "Origin",
    "PaymentEntry",
    "PaymentMethod",
    "PostedInRun",
    "PostingRun",
    "PurchaseInvoice",
    "PurchaseInvoiceQuerySet",
    "SavedView",
    "Settlement",
    "Source",
    "Status",
    "Supplier",
    "SupplierAlias",
    "SupplierRule",
    "folded_supplier_name",
]
