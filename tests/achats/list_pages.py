"""The list of purchases as a reader sees it."""

import re

from django.test import Client
from django.urls import reverse

from firms.models import Company
from tests.factories.achats import PurchaseInvoiceFactory


def page(client: Client, company: Company, query: str = "", **headers: str) -> str:
    answer = client.get(reverse("achats:list", args=[company.pk]) + query, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def text(html: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", html))


def names(html: str) -> list[str]:
    return re.findall(r"data-row-link[^>]*>([^<]+)</a>", html)


def invoice(company: Company, name: str = "Franprix", **fields: object):
    return PurchaseInvoiceFactory.create(company=company, supplier_name=name, **fields)
