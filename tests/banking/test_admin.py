"""What clients were asked for is looked at in the administration, and changed nowhere but on its page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from banking.models import PieceRequest
from banking.pieces.reminding import EVERY, remind
from banking.pieces.requesting import request_pieces
from firms.models import User
from tests.banking.test_reconciliation import a_line
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of

MODELS = ["piecerequest", "requestedline", "piecereminder"]


@pytest.fixture
def asked(db) -> PieceRequest:
    account, now = BankAccountFactory.create(), timezone.now()
    request, _ = request_pieces(
        company=account.company,
        line_ids=[a_line(account, amount=Decimal("-9.00"), label="CB LIBRAIRIE").pk],
        recipient="Camille",
        email="c@x.test",
        by=member_of(account.company),
        at=now - EVERY - timedelta(hours=1),
        site_url="https://meg.test",
        is_reminded=True,
    )
    remind(request_id=request.pk, at=now, site_url="https://meg.test")
    return request


def row_of(model: str, request: PieceRequest):
    return {"piecerequest": request, "requestedline": request.lines.get(), "piecereminder": request.reminders.get()}[
        model
    ]


@pytest.mark.parametrize("model", MODELS)
def test_each_list_opens_searches_and_shows_no_secret(client, asked, model):
    client.force_login(User.objects.create_superuser("chef@cabinet.test", "x"))
    row = row_of(model, asked)
    assert "Camille" in client.get(reverse(f"admin:banking_{model}_changelist"), {"q": "camille"}).content.decode()
    page = client.get(reverse(f"admin:banking_{model}_change", args=[row.pk]))
    assert page.status_code == 200
    assert getattr(row, "token_hash", "no hash") not in page.content.decode()
    assert client.post(reverse(f"admin:banking_{model}_delete", args=[row.pk])).status_code == 403
    assert client.get(reverse(f"admin:banking_{model}_add")).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_another_firms_requests_are_not_there(client, asked, model):
    staff = member_of(CompanyFactory())
    staff.is_staff = True
    staff.save()
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="banking"))
    client.force_login(staff)
    assert "Camille" not in client.get(reverse(f"admin:banking_{model}_changelist")).content.decode()
    assert client.get(reverse(f"admin:banking_{model}_change", args=[row_of(model, asked).pk])).status_code == 302
