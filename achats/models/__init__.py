from achats.models.document import Document, InvoiceDocument
from achats.models.invoice import Kind, PurchaseInvoice, PurchaseInvoiceQuerySet, Settlement, Source, Status
from achats.models.line import InvoiceLine, Origin
from achats.models.payment_method import MethodKind, PaymentMethod
from achats.models.supplier import Supplier, SupplierRule, folded_supplier_name

__all__ = [
    "Document",
    "InvoiceDocument",
    "InvoiceLine",
    "Kind",
    "MethodKind",
    "Origin",
    "PaymentMethod",
    "PurchaseInvoice",
    "PurchaseInvoiceQuerySet",
    "Settlement",
    "Source",
    "Status",
    "Supplier",
    "SupplierRule",
    "folded_supplier_name",
]
