"""Pages as they lie in the scanner or before the camera: turned, slanted, blank, on a desk, with dark edges."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from shared.documents import Page, Reading, bounds
from shared.reading.worker import ReadingProcess
from tests.samples.pdf_file import PdfPage, pdf_file, text

pytestmark = pytest.mark.xdist_group("reading")
LETTER = (1700, 2200)  # pixels at 200 dpi
LINES = ("Patient: Klein, Margaret", "Date of birth: 03/14/1941", "Diagnosis: J44.9 COPD", "Allergies: Penicillin")


def page(*lines: str, ink: int = 0, paper: int = 255) -> Image.Image:
    sheet = Image.new("L", LETTER, paper)
    draw = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        draw.text((200, 300 + 90 * number), line, ink, ImageFont.load_default(34))
    return sheet


def read(reader: ReadingProcess, *sheets: Image.Image) -> Reading:
    file = BytesIO()
    sheets[0].save(file, "TIFF", save_all=True, append_images=sheets[1:], dpi=(200, 200), compression="tiff_lzw")
    reading = reader.read(file.getvalue(), "sheets.tif")
    assert reading.error is None
    return reading


def text_of(page: Page) -> list[str]:
    return [line.text for line in page.lines]


def test_the_blank_back_of_a_sheet_is_a_page_without_lines(reader: ReadingProcess) -> None:
    noise = np.random.default_rng(6).normal(246, 2, LETTER[::-1]).clip(0, 255).astype(np.uint8)
    front, back = read(reader, page(*LINES), Image.fromarray(noise)).pages
    assert text_of(front) == list(LINES)
    assert (text_of(back), back.width, back.height, back.rotation) == ([], *LETTER, 0)


def test_a_faint_page_is_read(reader: ReadingProcess) -> None:
    (faint,) = read(reader, page(*LINES, ink=200, paper=235)).pages
    assert text_of(faint) == list(LINES)


@pytest.mark.parametrize("turned", [90, 180, 270])
@pytest.mark.parametrize("lines", [LINES, LINES[:2]], ids=["four lines", "two lines"])
@pytest.mark.parametrize("bilevel", [False, True], ids=["grey", "bilevel"])
def test_a_sparse_page_is_read_whichever_way_it_lies(
    reader: ReadingProcess, turned: int, lines: tuple[str, ...], bilevel: bool
) -> None:
    sheet = page(*lines).rotate(turned, expand=True)
    (read_page,) = read(reader, sheet.convert("1") if bilevel else sheet).pages
    assert text_of(read_page) == list(lines)
    assert read_page.rotation == turned
    assert (read_page.width, read_page.height) == LETTER


@pytest.mark.parametrize("slant", [-8.0, -1.2, 5.0])
def test_lines_of_a_slanted_page_are_level_where_the_page_shows_them(reader: ReadingProcess, slant: float) -> None:
    many = [f"{number}. Routine home care was given" for number in range(1, 16)]
    (read_page,) = read(reader, page(*many).rotate(-slant, fillcolor=255)).pages
    assert text_of(read_page) == many
    assert read_page.skew_degrees == pytest.approx(-slant, abs=0.2)
    lefts = [bounds(line.polygon).left for line in read_page.lines]
    assert max(lefts) - min(lefts) < 25
    assert all(bounds(line.polygon).height < 70 for line in read_page.lines)


def test_dark_edges_holes_and_specks_become_no_text(reader: ReadingProcess) -> None:
    sheet = page(*LINES).convert("1")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, 70, LETTER[1]), fill=0)
    draw.rectangle((0, LETTER[1] - 40, *LETTER), fill=0)
    for y in (500, 1500):
        draw.ellipse((110, y, 166, y + 56), fill=0)
    for x, y in np.random.default_rng(7).integers((80, 0), (1700, 2160), (150, 2)).tolist():
        draw.point((x, y), fill=0)
    (read_page,) = read(reader, sheet).pages
    assert text_of(read_page) == list(LINES)


def test_a_photographed_sheet_is_read_as_if_seen_from_above(reader: ReadingProcess) -> None:
    desk = Image.new("L", (2000, 2600), 60)
    corners = (150, 90), (180, 2480), (1890, 2350), (1830, 160)  # top left, bottom left, bottom right, top right
    quad = [value for corner in corners for value in corner]
    lying = _seen_at(page(*LINES, paper=225), quad, desk.size)
    mask = Image.new("L", desk.size, 0)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    desk.paste(lying, (0, 0), mask)
    (read_page,) = read(reader, desk).pages
    assert text_of(read_page) == list(LINES)
    assert read_page.width == pytest.approx(1680, rel=0.03)
    lefts = [bounds(line.polygon).left for line in read_page.lines]
    assert max(lefts) - min(lefts) < 12


def _seen_at(sheet: Image.Image, quad: list[int], size: tuple[int, int]) -> Image.Image:
    """`sheet` with its corners (top left, bottom left, bottom right, top right) at `quad`."""
    width, height = sheet.size
    there = [(quad[0], quad[1]), (quad[2], quad[3]), (quad[4], quad[5]), (quad[6], quad[7])]
    here = [(0, 0), (0, height), (width, height), (width, 0)]
    rows, values = [], []
    for (x, y), (u, v) in zip(there, here, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return sheet.transform(
        size, Image.Transform.PERSPECTIVE, np.linalg.solve(rows, values).tolist(), Image.Resampling.BICUBIC
    )


def test_the_columns_of_a_pdfs_own_text_are_read_one_after_the_other(reader: ReadingProcess) -> None:
    left = [f"The patient rested well during night {number} and" for number in range(8)]
    right = [f"Pain was two of ten on the evening scale {number}" for number in range(8)]
    content = b"".join(
        text(54, 700 - 14 * row, one, 9) + text(320, 700 - 14 * row, other, 9)
        for row, (one, other) in enumerate(zip(left, right, strict=True))
    )

    reading = reader.read(pdf_file([PdfPage(content)]), "columns.pdf")

    assert text_of(reading.pages[0]) == [*left, *right]
