from achats.models.comment import InvoiceComment
from achats.models.document import Document, InvoiceDocument
from achats.models.invoice import Kind, PurchaseInvoice, PurchaseInvoiceQuerySet, Settlement, Source, Status
from achats.models.line import InvoiceLine, Origin
from achats.models.payment_method import MethodKind, PaymentMethod
from achats.models.posting_run import PostingRun
from achats.models.supplier import LONGEST_DELAY, Supplier, SupplierAlias, SupplierRule, folded_supplier_name

__all__ = [
    "LONGEST_DELAY",
    "Document",
    "InvoiceComment",
    "InvoiceDocument",
    "InvoiceLine",
    "Kind",
    "MethodKind",
    "Origin",
    "PaymentMethod",
    "PostingRun",
    "PurchaseInvoice",
    "PurchaseInvoiceQuerySet",
    "Settlement",
    "Source",
    "Status",
    "Supplier",
    "SupplierAlias",
    "SupplierRule",
    "folded_supplier_name",
]
