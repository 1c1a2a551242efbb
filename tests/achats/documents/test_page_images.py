import io

import pytest
from PIL import Image

from achats.documents.media_types import GIF, HEIC, JPEG, PDF, PNG, TIFF, XML
from achats.documents.page_images import DAMAGED, LOCKED, TOO_BIG, Unreadable, main, render_pages, scale_of
from tests.factories.achats import pdf, photo

BOMB = (11_000, 11_000)


def rendered(tmp_path, data, media_type):
    source = tmp_path / "source"
    source.write_bytes(data)
    count = render_pages(source, media_type, tmp_path)
    images = [Image.open(io.BytesIO((tmp_path / f"{number}.webp").read_bytes())) for number in range(1, count + 1)]
    assert sorted(path.name for path in tmp_path.glob("*.webp")) == sorted(f"{n}.webp" for n in range(1, count + 1))
    return images


def test_each_page_of_a_pdf_is_an_image(tmp_path):
    images = rendered(tmp_path, pdf(pages=3), PDF)
    assert [image.format for image in images] == ["WEBP"] * 3
    assert all(max(image.size) in range(1_599, 1_602) for image in images)


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", PNG), ("JPEG", JPEG), ("GIF", GIF), ("TIFF", TIFF)])
def test_a_photograph_is_one_page_of_its_own_size(tmp_path, kind, media_type):
    (image,) = rendered(tmp_path, photo(kind=kind), media_type)
    assert image.size == (40, 60)


def test_a_large_photograph_is_shrunk(tmp_path):
    (image,) = rendered(tmp_path, photo(size=(3_000, 4_000), kind="JPEG"), JPEG)
    assert image.size == (1_200, 1_600)


def test_a_long_till_receipt_stays_legible(tmp_path):
    (image,) = rendered(tmp_path, photo(size=(1_000, 9_000)), PNG)
    assert image.size == (800, 7_200)


def test_a_page_is_never_larger_than_it_may():
    for width, height in [(1, 100_000), (100_000, 1), (595, 842), (3, 3), (14_400, 14_400)]:
        scale = scale_of(width, height)
        assert max(width, height) * scale <= 8_000 + 1


def test_a_photograph_is_turned_as_its_camera_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    (image,) = rendered(tmp_path, photo(kind="JPEG", exif=exif), JPEG)
    assert image.size == (60, 40)


def test_each_frame_of_a_tiff_is_a_page_and_the_first_of_a_gif(tmp_path):
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("white", "red", "blue")]
    for kind, media_type, expected in (("TIFF", TIFF, 3), ("GIF", GIF, 1)):
        file, folder = io.BytesIO(), tmp_path / kind
        folder.mkdir()
        frames[0].save(file, format=kind, save_all=True, append_images=frames[1:])
        assert len(rendered(folder, file.getvalue(), media_type)) == expected


def test_what_is_transparent_is_white(tmp_path):
    file = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, format="PNG")
    (image,) = rendered(tmp_path, file.getvalue(), PNG)
    assert min(image.convert("RGB").getpixel((5, 5))) > 250


def test_an_electronic_invoice_has_no_page(tmp_path):
    assert rendered(tmp_path, b"<Invoice/>", XML) == []


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7 nothing", PDF),
        (pdf()[:200], PDF),
        (b"\x89PNG\r\n\x1a\n nothing", PNG),
        (photo(size=(500, 500), kind="JPEG")[:400], JPEG),
        (b"II*\x00nothing", TIFF),
    ],
)
def test_a_damaged_file_says_so(tmp_path, data, media_type):
    with pytest.raises(Unreadable, match=DAMAGED):
        rendered(tmp_path, data, media_type)


def test_a_locked_pdf_says_so(tmp_path):
    with pytest.raises(Unreadable, match=LOCKED):
        rendered(tmp_path, locked_pdf(), PDF)


def test_a_photograph_that_swells_is_not_opened(tmp_path):
    file = io.BytesIO()
    Image.new("1", BOMB).save(file, format="PNG")
    assert len(file.getvalue()) < 200_000
    with pytest.raises(Unreadable, match=TOO_BIG):
        rendered(tmp_path, file.getvalue(), PNG)


def test_a_heic_photograph_sends_to_the_original(tmp_path):
    with pytest.raises(Unreadable, match="HEIC"):
        rendered(tmp_path, b"", HEIC)


def test_only_the_first_sixty_pages_are_rendered(tmp_path, monkeypatch):
    monkeypatch.setattr("achats.documents.page_images.MAX_PAGES", 2)
    assert len(rendered(tmp_path, pdf(pages=4), PDF)) == 2


def test_the_process_says_its_sentence_and_how_it_ended(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("achats.documents.page_images._limit_ourselves", lambda: None)
    source = tmp_path / "source"
    source.write_bytes(b"nothing")
    assert main(str(source), PDF, str(tmp_path)) == 1
    assert capsys.readouterr().out.strip() == DAMAGED


def locked_pdf() -> bytes:
    """A PDF of one page that wants a password."""
    pytest.importorskip("reportlab")
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 100, "Facture")
    canvas.save()
    return file.getvalue()
