"""Searchable PDFs: others find the text where it stands, see nothing but the page, and it is PDF/A."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from numpy.typing import NDArray
from pdfminer.high_level import extract_text
from pikepdf import pdfa

from shared.documents import Box, Page, TextLine, box_polygon
from shared.export import Document, PagePicture
from shared.export.errors import PictureMissing, PictureUnusable
from shared.export.pdf import searchable_pdf
from shared.export.pdf.text import pieces
from tests.shared.export.samples import NOW, admission, bare, line, page

SCRIPTS = [
    "Siobhán O'Featherstone, Łukasz Żółć",
    "Παπαδόπουλος Ιωάννης",
    "Ковалёва Анна",
    "患者 李明 先生",
    "入院のお知らせ 田中さくら様",
    "김민준 환자",
    "ผู้ป่วยสมชาย",
    "श्री नमस्ते शर्मा",
    "محمد",
    "שלום",
    "Zoe\u0308 Ngo\u0302 ½ °C µg",
    "🩺 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
]


def drawn(width: int = 1000, height: int = 1400) -> NDArray[np.uint8]:
    """A page with something red on it."""
    picture = np.full((height, width, 3), 255, np.uint8)
    cv2.putText(picture, "HELLO", (100, 130), 0, 1.5, (0, 0, 255), 3)
    return picture


def as_file(picture: NDArray[np.uint8], ending: str, *options: int) -> PagePicture:
    data = cv2.imencode(ending, picture, list(options))[1].tobytes()
    return PagePicture(data, "image/jpeg" if ending == ".jpg" else "image/png")


def pdf_of(*pages: Page, picture: PagePicture | None = None) -> bytes:
    shown = picture or as_file(drawn(), ".jpg")
    reading = replace(bare().reading, pages=pages)
    return searchable_pdf(replace(bare(), reading=reading, picture=lambda _: shown), NOW)


def by_pdfium(pdf: bytes, number: int = 0) -> str:
    text: str = pypdfium2.PdfDocument(pdf)[number].get_textpage().get_text_bounded()
    return text.replace("\r\n", "\n")


def shown(pdf: bytes, dpi: int = 100) -> NDArray[np.uint8]:
    """The first page as a viewer draws it, in RGB."""
    return np.asarray(pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil())


@pytest.mark.parametrize("text", SCRIPTS)
def test_text_of_any_script_is_found_by_others(text: str) -> None:
    pdf = pdf_of(page(1, text))

    assert extract_text(io.BytesIO(pdf)).strip() == text
    assert by_pdfium(pdf) == text


def test_pages_and_lines_stay_in_order() -> None:
    pdf = pdf_of(page(1, "HOSPICE ADMISSION", "Patient: Ann"), page(2, "second page"))

    assert by_pdfium(pdf) == "HOSPICE ADMISSION\nPatient: Ann"
    assert by_pdfium(pdf, 1) == "second page"
    assert extract_text(io.BytesIO(pdf)).split() == ["HOSPICE", "ADMISSION", "Patient:", "Ann", "second", "page"]


@pytest.mark.parametrize(("word", "place"), [("Featherstone", 1), ("Siobhan", 0)])
def test_a_word_stands_where_it_was_read(word: str, place: int) -> None:
    text = line("Siobhan Featherstone", top=400, left=300)
    pdf = pdf_of(Page(1, 1000, 1400, 100, 0, 0.0, (text,)))
    textpage = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    first, count = textpage.search(word).get_next()
    boxes = [textpage.get_charbox(index) for index in range(first, first + count)]

    points = 72 / 100
    box = text.words[place].polygon
    expected = (box[0][0] * points, (1400 - box[2][1]) * points, box[1][0] * points, (1400 - box[0][1]) * points)
    found = (boxes[0][0], boxes[0][1], boxes[-1][2], boxes[-1][3])
    assert found == pytest.approx(expected, abs=1)


def test_a_line_that_runs_up_the_page_is_found_there() -> None:
    upwards = TextLine("Ward 3 copy", 0.9, ((900, 800), (900, 500), (940, 500), (940, 800)))
    pdf = pdf_of(Page(1, 1000, 1400, 100, 0, 0.0, (*page(1, *["some words"] * 12).lines, upwards)))
    textpage = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    first, count = textpage.search("Ward 3 copy").get_next()

    left, bottom, right, _top = textpage.get_charbox(first)
    assert (left, right) == pytest.approx((900 * 0.72, 940 * 0.72), abs=2)
    assert bottom == pytest.approx((1400 - 800) * 0.72, abs=2)
    assert textpage.get_charbox(first + count - 1)[3] == pytest.approx((1400 - 500) * 0.72, abs=2)


@pytest.mark.parametrize(
    "picture",
    [
        as_file(drawn(), ".png"),
        as_file(drawn()[:, :, 0], ".png"),
        as_file(np.where(drawn()[:, :, 0] > 128, 255, 0).astype(np.uint8), ".png", cv2.IMWRITE_PNG_BILEVEL, 1),
        as_file(drawn(), ".jpg"),
        as_file(drawn()[:, :, 0], ".jpg"),
    ],
    ids=["colour", "grey", "black and white", "colour jpeg", "grey jpeg"],
)
def test_what_is_seen_is_the_picture_and_nothing_else(picture: PagePicture) -> None:
    seen = shown(pdf_of(page(1, "HELLO", *["not to be seen"] * 20), picture=picture))

    expected = cv2.cvtColor(cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert seen.shape == expected.shape
    assert np.abs(seen.astype(int) - expected.astype(int)).max() <= 3  # decoders of JPEG round each in its way


def test_every_file_is_pdf_a_2b() -> None:
    pdf = searchable_pdf(replace(admission(), picture=lambda _: as_file(drawn(), ".jpg")), NOW)

    assert pdfa.validate_written(io.BytesIO(pdf), "2b").passed
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        [intent] = opened.Root.OutputIntents
        assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
        with opened.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
            assert metadata["dc:title"] == "Søren's scan.pdf"
        assert not opened.is_encrypted
        font = opened.pages[0].Resources.Font.F
        assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"
        assert set(opened.Root.keys()) <= {"/Type", "/Pages", "/Metadata", "/OutputIntents"}
        del opened.Root.OutputIntents
        damaged = io.BytesIO()
        opened.save(damaged)
    assert not pdfa.validate_written(io.BytesIO(damaged.getvalue()), "2b").passed  # the validator can say no


def test_a_page_has_the_size_of_its_paper_as_far_as_pdf_goes() -> None:
    sizes = [(1700, 2200, 200), (10_000, 100, 1), (20, 20, 1200)]
    for width, height, dpi in sizes:
        pdf = pdf_of(Page(1, width, height, dpi, 0, 0.0, ()))
        found = pypdfium2.PdfDocument(pdf)[0].get_size()
        assert max(found) <= 14_400.01
        assert min(found) >= 2.99
    letter = pdf_of(Page(1, 1700, 2200, 200, 0, 0.0, ()))
    assert pypdfium2.PdfDocument(letter)[0].get_size() == pytest.approx((612, 792))


@pytest.mark.parametrize(
    "text",
    [
        line("three words here", 100),
        TextLine("no words", 0.9, box_polygon(Box(0, 0, 90, 20))),
        replace(line("a b", 100), text="otherwise spelled"),
        replace(line("dose:5 mg", 100), text="  dose:5  mg. "),
        replace(line("x y", 100), polygon=((5, 5), (5, 5), (5, 5), (5, 5))),
    ],
)
def test_the_pieces_of_a_line_are_its_text(text: TextLine) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text.text
    assert pdf_of(Page(1, 1000, 1400, 100, 0, 0.0, (text,)))


def test_a_picture_that_is_gone_or_damaged_is_said() -> None:
    document: Document = replace(bare(), picture=None)
    with pytest.raises(PictureMissing):
        searchable_pdf(document, NOW)
    for data in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\nxx", b"", as_file(drawn(), ".jpg").data[:30]):
        with pytest.raises(PictureUnusable):
            pdf_of(page(1, "some words"), picture=PagePicture(data, "image/jpeg"))
