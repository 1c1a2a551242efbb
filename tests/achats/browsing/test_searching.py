from datetime import date
from decimal import Decimal

import pytest

from achats.browsing.searching import search_text_of
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory


@pytest.mark.parametrize(
    "words",
    [" orange", " 5 76", " 1743 54", " 1 743 54", " fa 0068", " fa0068", " 19 08 2019", " cafe", " paiement pro 1234"],
)
@pytest.mark.django_db
def test_a_purchase_is_found_by_what_a_person_remembers(words):
    invoice = PurchaseInvoiceFactory(
        company=CompanyFactory(),
        supplier_name="Orange",
        gross_amount=Decimal("1743.54"),
        vat_amount=Decimal("5.76"),
        reference="FA-0068",
        issued_on=date(2019, 8, 19),
        note="Café du matin",
        payment_label="Paiement Pro (1234)",
    )
    assert words in search_text_of(invoice) == invoice.search_text
