"""Which firm a call on the whole account means, and whether its user may change it."""

from django.http import Http404

from dext_connector.payloads import Fault, Refused
from firms.models import Firm, User
from firms.roles import Right, grants


class FirmNotNamed(Refused):
    """The user is in several firms and the call names none."""


def firm_of(user: User, code: str) -> tuple[Firm, bool]:
    """The firm `code` of the user, or his only one, and whether he may change what its new companies start with.

    He may who writes in every company of the firm. Raises Http404 for a firm that he is not in, FirmNotNamed.
    """
    seats = list(user.memberships.filter(is_active=True).select_related("firm").order_by("firm__code"))
    if code:
        seats = [seat for seat in seats if seat.firm.code == code]
    if not seats:
        raise Http404
    if len(seats) > 1:
        known = ", ".join(f"«\u00a0{seat.firm.code}\u00a0»" for seat in seats)
        words = f"Cabinet\u00a0: précisez-le (?firm=), parmi {known}."
        raise FirmNotNamed([Fault(code="required", pointer="/firm", value=None, message=words)])
    seat = seats[0]
    return seat.firm, grants(seat.role, Right.WRITE) and seat.sees_all_companies
