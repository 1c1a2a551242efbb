"""An address that MEG is to call, as Dext names it."""

from dext_connector.outbound.addresses import LONGEST, AddressRefused, check_address
from dext_connector.serializers.reading import Reader


def read_address(body: Reader, key: str, *, is_required: bool = False) -> str:
    """The address; "" with its fault where MEG would not call it."""
    url = body.text(key, longest=LONGEST, is_required=is_required)
    try:
        if url:
            check_address(url)
    except AddressRefused as refusal:
        body.fault(key, code="address_refused", words=str(refusal), value=url)
        return ""
    return url
