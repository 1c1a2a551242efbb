"""The order that names a line's VAT code: the line's own, the supplier's rule, the markers."""

import pytest

from achats.models import Origin, Supplier, SupplierRule
from tests.dext_connector.conftest import item


@pytest.fixture
def rule(company) -> SupplierRule:
    supplier = Supplier.objects.create(company=company, name="Starbucks")
    return SupplierRule.objects.create(company=company, supplier=supplier, vat_code=company.vat_codes.get(code="TVA10"))


def published(dext, **fields) -> tuple[str, str]:
    answer = dext.publish(item(**fields))
    assert answer.status_code == 201, answer.json()
    line = dext.company.purchase_invoices.get().lines.get()
    return line.vat_code.code, line.vat_code_origin


def switch(company, **settings) -> None:
    for name, value in settings.items():
        setattr(company.integration_settings, name, value)
    company.integration_settings.save()


@pytest.mark.parametrize(("vat_amount", "code"), [("0.44", "TVA20"), ("0.00", "SANS"), (None, "SANS")])
def test_a_marker_says_only_whether_vat_was_extracted(dext, vat_amount, code):
    assert published(dext, vat_amount=vat_amount) == (code, Origin.MARKER)


def test_the_rule_stands_before_the_markers_if_its_setting_is_on(dext, company, rule):
    switch(company, use_supplier_vat_rate=True)
    assert published(dext) == ("TVA10", Origin.RULE)


def test_the_rule_is_left_aside_if_its_setting_is_off(dext, rule):
    assert published(dext) == ("TVA20", Origin.MARKER)


def test_a_rule_whose_code_is_archived_is_left_aside(dext, company, rule):
    switch(company, use_supplier_vat_rate=True)
    company.vat_codes.filter(code="TVA10").update(is_active=False)
    assert published(dext) == ("TVA20", Origin.MARKER)


def test_the_lines_own_code_stands_before_all(dext, company, rule):
    switch(company, use_supplier_vat_rate=True)
    lines = [{"total": "4.85", "vat_amount": "0.44", "vat_code": "TVA5_5"}]
    assert published(dext, lines=lines) == ("TVA5_5", Origin.NAMED)


def test_the_items_own_code_serves_its_lines(dext):
    assert published(dext, vat_code="TVA10") == ("TVA10", Origin.NAMED)


def test_with_vat_by_line_off_the_markers_stand_alone(dext, company, rule):
    switch(company, vat_by_line=False, use_supplier_vat_rate=True)
    lines = [{"total": "4.85", "vat_amount": "0.44", "vat_code": "TVA5_5"}]
    assert published(dext, lines=lines) == ("TVA20", Origin.MARKER)
    assert str(company.purchase_invoices.get().lines.get().vat_amount) == "0.44"


def test_lines_without_vat_follow_the_document_unless_one_of_them_has_some(dext, company):
    dext.publish(item(lines=[{"total": "2.00"}, {"total": "2.85"}]))
    assert [line.vat_code.code for line in company.purchase_invoices.get().lines.all()] == ["TVA20", "TVA20"]
    lines = [{"total": "2.00"}, {"total": "2.85", "vat_amount": "0.44"}]
    dext.publish(item(external_id="RB-2", lines=lines))
    other = company.purchase_invoices.get(external_id="RB-2")
    assert [line.vat_code.code for line in other.lines.order_by("position")] == ["SANS", "TVA20"]
