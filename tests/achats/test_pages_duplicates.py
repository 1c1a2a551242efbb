"""« Doublons »: two purchases that look like one, and what one decides of them."""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from achats.changing.correcting import correct_invoice
from achats.documents.attaching import attach_document
from achats.duplicates.deciding import PairDecided, keep_both, merge
from achats.models import PurchaseInvoice, Source, Status
from firms.models import Company, Event, Role
from tests.factories.achats import NOW, DocumentFactory, PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of


def a_pair(company: Company, reference: str = "FA-0068", **fields: object) -> tuple[PurchaseInvoice, PurchaseInvoice]:
    first = PurchaseInvoiceFactory.create(company=company, reference=reference, **fields)
    return first, PurchaseInvoiceFactory.create(company=company, reference=reference, **fields)


def page(client: Client, company: Company, query: str = "") -> str:
    answer = client.get(reverse("achats:duplicates", args=[company.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def decide(client: Client, pair: tuple[PurchaseInvoice, PurchaseInvoice], deed: str):
    first, second = pair
    address = reverse("achats:decide_duplicate", args=[first.company_id, first.pk, second.pk])
    return client.post(address, {"geste": deed})


def status(invoice: PurchaseInvoice) -> str:
    invoice.refresh_from_db()
    return invoice.status


def test_nothing_to_look_at_is_said(reader: Client, company: Company):
    assert "Aucun doublon à examiner" in page(reader, company)


def test_the_two_stand_side_by_side_with_what_differs(reader: Client, company: Company):
    first, second = a_pair(company)
    correct_invoice(invoice=first, by=member_of(company), at=NOW, changes={"note": "payée au comptoir"})
    html = page(reader, company, f"?paire={second.pk}")
    assert "Même fournisseur, même numéro, même total que la facture du 25/09/2019." in html
    assert html.count("≠<span") == 2  # the note, and the status: the second is held
    assert "payée au comptoir" in html


def test_the_same_reference_of_another_source_is_a_pair(company: Company):
    first = PurchaseInvoiceFactory.create(company=company, source=Source.DEXT, external_id="88213")
    second = PurchaseInvoiceFactory.create(company=company, source=Source.REQUEST, external_id="88213")
    assert second.duplicate_of == first
    assert second.reasons[0]["message"] == "Même référence d’origine que la facture du 25/09/2019."


def test_both_are_kept_and_never_told_together_again(reader: Client, company: Company):
    pair = a_pair(company)
    assert decide(reader, pair, "garder").status_code == 302
    assert (status(pair[0]), status(pair[1])) == (Status.READY, Status.READY)
    correct_invoice(invoice=pair[0], by=member_of(company), at=NOW, changes={"note": "revue"})
    assert "Aucun doublon à examiner" in page(reader, company)


@pytest.mark.parametrize(("deed", "gone"), [("annuler-b", 1), ("annuler-a", 0)])
def test_one_is_cancelled_and_the_other_stays(reader: Client, company: Company, deed: str, gone: int):
    pair = a_pair(company)
    decide(reader, pair, deed)
    assert (status(pair[gone]), status(pair[1 - gone])) == (Status.CANCELLED, Status.READY)
    assert pair[gone].cancellation_reason.startswith("Doublon de")


@pytest.mark.parametrize(("deed", "index"), [("annuler-a", 0), ("annuler-b", 1), ("fusionner", 1)])
def test_a_posted_one_is_never_cancelled_and_that_is_said(reader, company, deed, index):
    pair = a_pair(company)
    PurchaseInvoice.objects.filter(pk=pair[index].pk).update(status=Status.POSTED)
    html = page(reader, company)
    assert "est comptabilisée" in html
    assert html.count(" disabled") == (1 if index == 0 else 2)
    answer = decide(reader, pair, deed)
    assert (answer.status_code, status(pair[index])) == (409, Status.POSTED)
    assert "est comptabilisée" in answer.content.decode()


def test_a_merge_gives_the_first_what_the_second_has_and_nothing_is_lost(reader: Client, company: Company):
    first, second = a_pair(company)
    document = DocumentFactory.create(company=company, filename="scan.png")
    by = member_of(company)
    attach_document(invoice=second, document=document, by=by, at=NOW)
    correct_invoice(invoice=second, by=by, at=NOW, changes={"note": "vue avec le client"})
    decide(reader, (first, second), "fusionner")
    assert (status(first), status(second)) == (Status.READY, Status.CANCELLED)
    assert first.note == "vue avec le client"
    assert [row.document for row in first.attachments.all()] == [document]
    assert [row.document for row in second.attachments.all()] == [document]
    event = Event.objects.get(kind="purchase.merged", subject_id=first.pk)
    assert event.changes["merged"] == [None, str(second.pk)]
    html = reader.get(reverse("achats:detail", args=[company.pk, first.pk])).content.decode()
    assert "Réunie avec son doublon" in html


def test_a_posted_one_takes_the_document_of_its_double(reader: Client, company: Company):
    document = DocumentFactory.create(company=company)
    first, second = a_pair(company)
    attach_document(invoice=second, document=document, by=member_of(company), at=NOW)
    PurchaseInvoice.objects.filter(pk=first.pk).update(status=Status.POSTED)
    decide(reader, (first, second), "fusionner")
    assert (status(first), first.attachments.count()) == (Status.POSTED, 1)


def test_the_next_pair_opens(reader: Client, company: Company):
    pair, following = a_pair(company), a_pair(company, "FA-0070")
    answer = decide(reader, pair, "garder")
    assert f"?paire={following[1].pk}&" in answer["Location"]
    assert "1/1" in reader.get(answer["Location"]).content.decode()


def test_who_comes_second_is_told_who_was_first(reader: Client, company: Company):
    pair = a_pair(company)
    keep_both(first=pair[0], second=pair[1], by=member_of(company), at=NOW)
    answer = decide(reader, pair, "annuler-b")
    assert (answer.status_code, status(pair[1])) == (409, Status.READY)
    assert "vient d’être traitée" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_decide_one_pair_once():
    company = CompanyFactory.create()
    first, second = a_pair(company)
    people, fates, barrier = [member_of(company), member_of(company)], [], threading.Barrier(2)

    def decide_now(deed, by) -> None:
        barrier.wait()
        try:
            deed(first=first, second=second, by=by, at=NOW)
            fates.append("done")
        except PairDecided:
            fates.append("late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide_now, args=args) for args in zip((keep_both, merge), people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fates) == ["done", "late"]


def test_a_reader_decides_nothing(client: Client, company: Company):
    pair = a_pair(company)
    client.force_login(member_of(company, Role.READER))
    assert "Garder les deux" not in page(client, company)
    assert decide(client, pair, "garder").status_code == 403


def test_a_pair_of_another_company_is_unknown(reader: Client, company: Company):
    first, second = a_pair(CompanyFactory.create(firm=company.firm))
    address = reverse("achats:decide_duplicate", args=[company.pk, first.pk, second.pk])
    assert reader.post(address, {"geste": "garder"}).status_code == 404


@pytest.mark.parametrize("many", [1, 5])
def test_the_queries_do_not_grow_with_the_pairs(reader, company, many, django_assert_max_num_queries):
    for number in range(many):
        a_pair(company, f"FA-{number}")
    with django_assert_max_num_queries(11):
        page(reader, company)
