"""A PDF page's own text is taken where the page shows it, and only there."""

import numpy as np
import pytest

from shared.documents import bounds
from shared.reading.load import LoadedPage, TextLayer, open_document
from shared.reading.settings import Limits
from tests.samples.pdf_file import PdfPage, pdf_file, picture, stream, text

TRUE = text(72, 700, "Patient: Harold Benning") + text(72, 680, "MRN: 310077")
LIE = "Erin Wrongway"
_PAGE = 612, 792


def load(*pages: PdfPage, catalog: bytes = b"", font: bytes | None = None) -> list[LoadedPage]:
    payload = pdf_file(pages, catalog, font) if font else pdf_file(pages, catalog)
    return list(open_document(payload, Limits()).pages)


def layer_of(page: PdfPage, font: bytes | None = None) -> TextLayer | None:
    [loaded] = load(page, font=font)
    return loaded.layer


def texts(layer: TextLayer | None) -> list[str]:
    assert layer is not None
    return [line.text for line in layer.lines]


def scan(width: int = 170, height: int = 220) -> bytes:
    """A picture of ink all over, as scanned writing is."""
    return picture(np.random.default_rng(1).integers(0, 256, (height, width), np.uint8).tobytes(), width, height)


def with_scan(content: bytes, place: str) -> PdfPage:
    painted = content.replace(b"%SCAN%", f"q {place} cm /Im0 Do Q\n".encode())
    return PdfPage(painted, _PAGE, b"/XObject<</Im0 %IM%>>", objects={"IM": scan()})


def test_words_are_read_as_the_file_spells_them() -> None:
    layer = layer_of(PdfPage(TRUE))

    assert texts(layer) == ["Patient: Harold Benning", "MRN: 310077"]
    assert layer is not None
    assert layer.rotation == 0
    assert layer.rest is None
    assert [word.text for word in layer.lines[0].words] == ["Patient:", "Harold", "Benning"]


def test_a_word_of_the_file_is_nearly_but_never_wholly_sure() -> None:
    layer = layer_of(PdfPage(TRUE))

    assert layer is not None
    assert {word.confidence for line in layer.lines for word in line.words} == {0.99}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_stand_around_the_ink_however_the_page_is_turned(rotate: int) -> None:
    entries = b"/Rotate %d/CropBox[20 30 600 780]" % rotate
    [page] = load(PdfPage(TRUE, entries=entries))
    layer = page.layer
    assert layer is not None
    upright = np.rot90(page.picture, -layer.rotation // 90)

    assert layer.rotation == (360 - rotate) % 360
    assert texts(layer) == ["Patient: Harold Benning", "MRN: 310077"]
    ink = upright.max(axis=2) < 128
    for line in layer.lines:
        for word in line.words:
            box = bounds(word.polygon)
            part = ink[round(box.top) : round(box.bottom), round(box.left) : round(box.right)]
            assert part.any(axis=0).mean() > 0.4
            part[:] = False
    assert not ink.any()


def test_text_that_climbs_a_page_turns_it() -> None:
    climbing = b"".join(
        b"BT /F1 11 Tf 0 1 -1 0 %d 100 Tm (%s) Tj ET\n" % (x, words) for x, words in ((100, b"First"), (120, b"Second"))
    )
    layer = layer_of(PdfPage(climbing))

    assert texts(layer) == ["First", "Second"]
    assert layer is not None
    assert layer.rotation == 90
    (left, top), (right, top_right), _, _ = layer.lines[0].polygon
    assert right > left
    assert top == top_right


def test_a_line_up_the_margin_is_a_line_of_its_own() -> None:
    margin = b"BT /F1 8 Tf 0 1 -1 0 40 300 Tm (Form 12) Tj ET\n"
    layer = layer_of(PdfPage(TRUE + margin))

    assert set(texts(layer)) == {"Patient: Harold Benning", "MRN: 310077", "Form 12"}
    assert layer is not None
    [line] = [line for line in layer.lines if line.text == "Form 12"]
    assert line.polygon[0][1] > line.polygon[1][1]  # it runs up the page


def test_words_far_apart_are_lines_of_their_own() -> None:
    layer = layer_of(PdfPage(text(72, 700, "Name") + text(300, 700, "Rory Schulist")))

    assert texts(layer) == ["Name", "Rory Schulist"]


@pytest.mark.parametrize(
    "hidden",
    [
        text(72, 500, LIE, before="3 Tr"),
        text(72, 500, LIE, before="1 g") + b"0 g ",
        text(72, 500, LIE) + b"1 g 60 480 300 60 re f 0 g ",
        b"q 0 0 10 10 re W n " + text(72, 500, LIE) + b"Q ",
        text(-400, 500, LIE),
        text(72, 500, LIE, size=0.2),
    ],
    ids=["invisible", "white on white", "painted over", "clipped", "off the page", "too small to see"],
)
def test_what_the_page_does_not_show_is_not_read(hidden: bytes) -> None:
    layer = layer_of(PdfPage(TRUE + hidden))

    assert layer is None or not any("Wrongway" in line.text for line in layer.lines)
    if layer is not None:
        assert texts(layer) == ["Patient: Harold Benning", "MRN: 310077"]


@pytest.mark.parametrize(
    "content",
    [
        b"%SCAN%" + text(72, 700, LIE, before="3 Tr"),
        text(72, 700, LIE) + b"%SCAN%",
        b"%SCAN%" + text(72, 700, LIE),
    ],
    ids=["invisible on a scan", "under a scan", "printed on a scan"],
)
def test_a_page_that_is_a_scan_is_recognised_whatever_its_text_says(content: bytes) -> None:
    assert layer_of(with_scan(content, "612 0 0 792 0 0")) is None


def test_text_over_other_text_is_not_told_apart() -> None:
    assert layer_of(PdfPage(TRUE + text(72.5, 700.5, "Patient: Arnold Denning"))) is None


def test_half_a_word_hidden_makes_the_page_doubtful() -> None:
    assert layer_of(PdfPage(text(72, 700, "310077") + b"1 g 85 690 40 30 re f ")) is None


def test_slanted_text_is_left_to_recognition() -> None:
    assert layer_of(PdfPage(TRUE + b"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 200 200 Tm (DRAFT) Tj ET\n")) is None


def test_letters_without_a_meaning_make_a_page_unreadable_as_text() -> None:
    scrambled = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 99 0 R/Encoding<</Type/Encoding/Differences[65"
    )
    scrambled += b"".join(b"/g%d" % number for number in range(26)) + b"]>>>>"
    layer = layer_of(PdfPage(text(72, 700, "ABCDEF GHIJ")), font=scrambled)

    assert layer is None


def test_what_else_a_page_shows_is_left_for_recognition() -> None:
    layer = layer_of(with_scan(TRUE + b"%SCAN%", "85 0 0 110 300 400"))

    assert texts(layer) == ["Patient: Harold Benning", "MRN: 310077"]
    assert layer is not None
    assert layer.rest is not None
    left, top = layer.rest_at
    assert left < 300 / 72 * 200 < left + layer.rest.shape[1]
    assert top < (792 - 510) / 72 * 200 < top + layer.rest.shape[0]


def test_handwriting_and_stamps_are_left_for_recognition() -> None:
    signature = b"1.5 w 100 400 m 120 440 130 380 150 420 c 170 450 180 390 200 410 c S\n"
    layer = layer_of(PdfPage(TRUE + signature))

    assert layer is not None
    assert layer.rest is not None


def test_rules_boxes_and_fills_are_nothing_to_read() -> None:
    drawn = b"0.9 g 60 660 500 60 re f 0 g 1 w 60 500 500 100 re S 60 550 m 560 550 l S 70 430 12 12 re S\n"
    layer = layer_of(PdfPage(drawn + TRUE))

    assert texts(layer) == ["Patient: Harold Benning", "MRN: 310077"]
    assert layer is not None
    assert layer.rest is None


def test_a_value_typed_into_a_field_is_left_for_recognition() -> None:
    appearance = stream(
        text(2, 6, "4417"), b"/Type/XObject/Subtype/Form/BBox[0 0 150 20]/Resources<</Font<</F1 3 0 R>>>>"
    )
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(mrn)/V(4417)/DA(/F1 11 Tf 0 g)/Rect[200 600 350 620]/AP<</N %AP%>>>>"
    page = PdfPage(TRUE, entries=b"/Annots[%FIELD%]", objects={"AP": appearance, "FIELD": field})
    [loaded] = load(page, catalog=b"/AcroForm<</Fields[%FIELD%]/DR<</Font<</F1 3 0 R>>>>>>")

    assert loaded.layer is not None
    assert loaded.layer.rest is not None


def test_pages_decide_one_by_one() -> None:
    scanned = with_scan(b"%SCAN%", "612 0 0 792 0 0")
    pages = load(PdfPage(TRUE), scanned, PdfPage(b""), PdfPage(TRUE))

    assert [page.layer is not None for page in pages] == [True, False, False, True]


def test_white_text_on_a_dark_bar_is_read() -> None:
    layer = layer_of(
        PdfPage(
            b"0.2 g 60 690 500 24 re f\n"
            + text(72, 698, "SECTION A", before="1 g")
            + b"0 g "
            + TRUE.replace(b"700", b"640")
        )
    )

    assert "SECTION A" in texts(layer)


def test_ticks_and_bullets_are_seen_not_spelled() -> None:
    zapf = b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"
    page = PdfPage(
        TRUE + b"BT /Z 11 Tf 72 650 Td (8) Tj ET\n", resources=b"/Font<</F1 3 0 R/Z %Z%>>", objects={"Z": zapf}
    )

    assert texts(layer_of(page)) == ["Patient: Harold Benning", "MRN: 310077"]
