from datetime import date
from decimal import Decimal

import pytest

from achats.models import Origin, Status
from ledger.models import Bookkeeping
from tests.factories.achats import DocumentFactory, PurchaseInvoiceFactory, SupplierFactory, line
from tests.factories.firms import CompanyFactory

NBSP = "\u00a0"


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def account(company):
    return company.accounts.get(code="62570000")


def codes(rows):
    return [row["code"] for row in rows]


def recorded(company, vat, code, origin, gross="12.00"):
    """A purchase of one line under the VAT code `code`."""
    vat_code, account = company.vat_codes.get(code=code), company.accounts.get(code="62570000")
    amount = None if vat is None else Decimal(vat)
    whole = line(gross, vat_amount=amount, account=account, vat_code=vat_code, vat_code_origin=origin)
    return PurchaseInvoiceFactory(
        company=company,
        gross_amount=Decimal(gross),
        vat_amount=amount,
        lines=(whole,),
        documents=[DocumentFactory(company=company)],
    )


def test_a_missing_account_is_to_be_mended(company):
    invoice = PurchaseInvoiceFactory(company=company, account=None, source="dext")
    assert invoice.reasons == [
        {
            "code": "account_missing",
            "message": "Il manque le compte de charge. Dext n’en a pas envoyé.",
            "badge": "Compte",
        }
    ]


def test_one_of_three_lines_without_account_is_counted(company, account):
    lines = (line("4.00", account=account), line("4.00"), line("4.00", account=account))
    (reason,) = PurchaseInvoiceFactory(company=company, lines=lines).reasons
    assert reason["message"] == "Il manque le compte de charge d’une ligne sur 3."


def test_an_account_archived_since_is_named(company, account):
    account.is_active = False
    account.save()
    (reason,) = PurchaseInvoiceFactory(company=company).reasons
    assert (reason["code"], reason["badge"]) == ("account_archived", "Compte archivé")
    assert "62570000" in reason["message"]


def test_a_supplier_that_two_answer_for_is_to_be_chosen(company):
    for _ in range(2):
        SupplierFactory(company=company, name="Martin")
    invoice = PurchaseInvoiceFactory(company=company, supplier_name="Martin")
    assert invoice.supplier is None
    (reason,) = invoice.reasons
    assert reason["message"] == f"Deux fournisseurs répondent à «{NBSP}Martin{NBSP}». Choisissez lequel."


def test_an_inactive_supplier_is_to_be_mended(company):
    SupplierFactory(company=company, name="Martin", is_active=False)
    assert codes(PurchaseInvoiceFactory(company=company, supplier_name="Martin").reasons) == ["supplier_inactive"]


@pytest.mark.parametrize("origin", [Origin.NAMED, Origin.HAND])
def test_a_named_code_that_contradicts_the_amount_is_to_be_mended(company, origin):
    invoice = recorded(company, "0.00", "TVA20", origin)
    (reason,) = invoice.reasons
    assert reason["code"] == "vat_code_contradicts"
    assert f"ne va pas avec une TVA de 0,00{NBSP}€. Le montant reçu est gardé" in reason["message"]
    assert invoice.vat_amount == 0


@pytest.mark.parametrize("origin", [Origin.MARKER, Origin.RULE])
@pytest.mark.parametrize(("vat", "code"), [("0.00", "TVA20"), ("0.44", "TVA20"), ("0.44", "SANS"), (None, "TVA20")])
def test_a_code_put_by_default_never_contradicts_nor_warns(company, origin, vat, code):
    invoice = recorded(company, vat, code, origin, gross="4.85")
    assert (invoice.status, invoice.reasons, invoice.warnings) == (Status.READY, [], [])


def test_franprix_mixes_rates_and_is_accepted_with_exactly_its_vat(company):
    invoice = recorded(company, "0.61", "TVA20", Origin.MARKER, gross="5.76")
    assert (invoice.status, invoice.vat_amount) == (Status.READY, Decimal("0.61"))
    (warning,) = invoice.warnings
    assert warning["code"] == "mixed_vat_rates"
    assert f"0,61{NBSP}€" in warning["message"]


@pytest.mark.parametrize(("vat", "gross"), [("0.44", "4.85"), ("1.28", "14.10"), ("2.00", "12.00"), ("0.52", "10.00")])
def test_one_rate_is_not_said_to_be_mixed(company, vat, gross):
    assert recorded(company, vat, "TVA20", Origin.MARKER, gross=gross).warnings == []


def test_a_breakdown_of_two_rates_is_said_to_be_mixed(company):
    parts = ({"rate": "20.00", "base": "5.00", "amount": "1.00"}, {"rate": "10", "base": "5.00", "amount": "1.00"})
    assert "mixed_vat_rates" in codes(PurchaseInvoiceFactory(company=company, vat_breakdown=parts).warnings)


def test_a_named_rate_where_no_vat_was_extracted_only_warns(company):
    invoice = recorded(company, None, "TVA20", Origin.NAMED)
    assert (invoice.status, codes(invoice.warnings)) == (Status.READY, ["vat_not_extracted"])


def test_a_closed_period_only_warns_and_the_date_stays(company):
    Bookkeeping.objects.update_or_create(company=company, defaults={"locked_until": date(2019, 7, 31)})
    invoice = PurchaseInvoiceFactory(company=company, issued_on=date(2019, 7, 31))
    assert (invoice.status, invoice.issued_on) == (Status.READY, date(2019, 7, 31))
    message = next(row["message"] for row in invoice.warnings if row["code"] == "period_closed")
    assert message.startswith(f"Le 31/07/2019 est clos (jusqu’au 31/07/2019){NBSP}: l’écriture ira au 01/08/2019")
    later = PurchaseInvoiceFactory(company=company, issued_on=date(2019, 8, 1), reference="x")
    assert "period_closed" not in codes(later.warnings)


def test_a_due_date_before_the_date_only_warns(company):
    invoice = PurchaseInvoiceFactory(company=company, due_on=date(2019, 9, 24))
    assert (invoice.status, codes(invoice.warnings)[0]) == (Status.READY, "due_before_date")


def test_a_zero_total_only_warns_and_awaits_no_bank_line(company):
    invoice = PurchaseInvoiceFactory(company=company, gross_amount=Decimal("0.00"), vat_amount=Decimal("0.00"))
    assert (invoice.status, codes(invoice.warnings)[0]) == (Status.READY, "zero_total")
    assert not company.purchase_invoices.unsettled().exists()


def test_a_label_that_no_method_bears_is_kept_and_told(company):
    invoice = PurchaseInvoiceFactory(company=company, payment_label="Paiement Pro (1234)")
    assert (invoice.payment_label, codes(invoice.warnings)[0]) == ("Paiement Pro (1234)", "payment_method_unknown")


def test_a_missing_document_only_warns(company):
    invoice = PurchaseInvoiceFactory(company=company)
    assert (invoice.status, codes(invoice.warnings)) == (Status.READY, ["document_missing"])


def test_a_foreign_currency_wants_the_total_in_the_companys(company):
    assert codes(PurchaseInvoiceFactory(company=company, currency="USD").reasons) == ["base_amount_missing"]
    told = PurchaseInvoiceFactory(company=company, currency="USD", base_gross_amount=Decimal("10.80"), reference="x")
    assert told.reasons == []


def test_what_must_be_mended_stands_before_what_only_warns_and_each_once(company):
    invoice = PurchaseInvoiceFactory(company=company, lines=(line("5.00"), line("7.00")), due_on=date(2019, 1, 1))
    assert codes(invoice.reasons) == ["account_missing"]
    assert codes(invoice.warnings) == ["due_before_date", "document_missing"]


def test_every_sentence_is_written_as_a_french_reader_expects(company):
    """A no-break space before : ; ! ? € % and inside « »; a full stop at the end."""
    SupplierFactory(company=company, name="Martin", is_active=False)
    invoice = PurchaseInvoiceFactory(
        company=company,
        supplier_name="Martin",
        account=None,
        currency="USD",
        due_on=date(2019, 1, 1),
        payment_label="Carte",
    )
    for row in [*invoice.reasons, *invoice.warnings]:
        assert row["message"].endswith(".")
        for sign in ":;!?€%»":
            assert f" {sign}" not in row["message"]
        assert "« " not in row["message"]
