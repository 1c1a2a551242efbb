"""The type of a file by its content, never by its name. Pure."""

import re

PDF, JPEG, PNG, GIF = "application/pdf", "image/jpeg", "image/png", "image/gif"
TIFF, HEIC, XML = "image/tiff", "image/heic", "application/xml"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png", GIF: "gif", TIFF: "tif", HEIC: "heic", XML: "xml"}
PHOTOS = {JPEG, PNG, GIF, TIFF}

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# The root of an electronic invoice: UBL Invoice and CreditNote 2.1, UN/CEFACT CrossIndustryInvoice (D16B, D22B).
_EINVOICE_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:Invoice|CreditNote|CrossIndustryInvoice)[\s/>]")
_EINVOICE_NAMESPACES = ("urn:oasis:names:specification:ubl:schema:xsd:", "urn:un:unece:uncefact:data:standard:")
_LOOKED_AT = 8 * 1024


def media_type_of(data: bytes) -> str | None:
    """PDF (Factur-X too), JPEG, PNG, GIF, TIFF, HEIC, or XML of UBL or CII; None for anything else.

    A PDF may start anywhere in its first kilobyte (PDF 1.7, annex H.3.4.1).
    """
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    if b"%PDF-" in data[:1024]:
        return PDF
    return XML if _is_einvoice(data[:_LOOKED_AT]) else None


def _is_einvoice(head: bytes) -> bool:
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = head.decode(encoding, errors="ignore").lstrip()
    if not text.startswith("<") or not _EINVOICE_ROOT.search(text):
        return False
    return any(namespace in text for namespace in _EINVOICE_NAMESPACES)
