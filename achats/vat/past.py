"""How a company's purchases were coded so far, where a person or a line named the VAT code."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from achats.models import InvoiceLine, PurchaseInvoice
from achats.vat.reasons import NAMED
from achats.vat.splits import cents_of
from ledger.models import VatKind

OF_SUPPLIER, OF_COMPANY = 20, 200
NO_VAT = (VatKind.EXEMPT, VatKind.NONE)
KINDS = (VatKind.DEDUCTIBLE, *NO_VAT)


class PastSplits:
    """Counts over the last purchases of the company, and of the supplier of `invoice`: one query.

    `codes` and `rates` count lines; `of_supplier` and `of_company` the purchases of several rates, by their rates.
    """

    def __init__(self, invoice: PurchaseInvoice) -> None:
        self.invoice = invoice
        self.codes: Counter[UUID] = Counter()
        self.rates: Counter[int] = Counter()
        self.of_supplier: Counter[tuple[int, ...]] = Counter()
        self.of_company: Counter[tuple[int, ...]] = Counter()
        by_invoice: defaultdict[tuple[UUID, UUID | None], set[int]] = defaultdict(set)
        for invoice_id, supplier_id, code_id, rate in self._lines():
            self.codes[code_id] += 1
            self.rates[rate] += 1
            by_invoice[invoice_id, supplier_id].add(rate)
        for (_, supplier_id), rates in by_invoice.items():
            if len(rates) > 1:
                self.of_company[tuple(sorted(rates))] += 1
                if invoice.supplier_id and supplier_id == invoice.supplier_id:
                    self.of_supplier[tuple(sorted(rates))] += 1

    def _lines(self) -> Iterator[tuple[UUID, UUID | None, UUID, int]]:
        """(invoice, supplier, code, rate) of each line."""
        mine = PurchaseInvoice.objects.for_company(self.invoice.company).live().exclude(pk=self.invoice.pk)
        newest = mine.order_by("-issued_on", "-id").values("pk")
        recent = newest.filter(supplier=self.invoice.supplier_id)[:OF_SUPPLIER].union(newest[:OF_COMPANY])
        named = InvoiceLine.objects.filter(invoice__in=recent, vat_code_origin__in=NAMED, vat_code__kind__in=KINDS)
        rows = named.values_list("invoice", "invoice__supplier", "vat_code", "vat_code__kind", "vat_code__rate")
        for invoice, supplier, code, kind, rate in rows:
            if rate is not None or kind in NO_VAT:
                yield invoice, supplier, code, rate_of(kind, rate)

    @property
    def commonest(self) -> tuple[int, ...] | None:
        """The rates that the company's purchases mix most."""
        return self.of_company.most_common(1)[0][0] if self.of_company else None


def rate_of(kind: str, rate: Decimal | None) -> int:
    """In hundredths of a percent; a code without VAT is a zero rate."""
    return 0 if kind in NO_VAT or rate is None else cents_of(rate)
