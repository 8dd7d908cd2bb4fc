"""Pages written down word by word, and what is found on them."""

from shared.documents import Box, Page, TextLine, Value, Word, box_polygon
from shared.reading.extraction import PageMarks, Record, SeenPage, extract
from shared.templates import Template, template_named

HOSPICE = template_named("hospice")
LETTER = 14  # pixels a character
Printed = tuple[float, float, str] | tuple[float, float, str, float]  # from the left, from the top, words, height


def line(x: float, y: float, text: str, height: float = 30) -> TextLine:
    """One line, every letter of it `LETTER` wide."""
    words, left = [], x
    for word in text.split(" "):
        box = Box(left, y, left + LETTER * len(word), y + height)
        words.append(Word(word, 0.99, box_polygon(box)))
        left = box.right + LETTER
    whole = Box(x, y, left - LETTER, y + height)
    return TextLine(text, 0.99, box_polygon(whole), tuple(words))


def read(*printed: Printed, marks: PageMarks | None = None, template: Template = HOSPICE) -> Record:
    """What `template` finds on one page."""
    return read_pages(printed, marks=marks, template=template)


def read_pages(*pages: tuple[Printed, ...], marks: PageMarks | None = None, template: Template = HOSPICE) -> Record:
    """What `template` finds on several pages, each with the same marks."""
    seen = [
        SeenPage(Page(number, 1700, 2200, 200, 0, 0.0, tuple(line(*item) for item in page)), marks or PageMarks())
        for number, page in enumerate(pages, start=1)
    ]
    return extract(seen, template)


def value_of(record: Record, name: str) -> Value | None:
    """The field's value, None where none was found."""
    found = record.fields[name]
    return found.value if found else None


def frame(left: float, top: float, right: float, bottom: float) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The ruled lines of a box: across, and down."""
    across = Box(left, top - 1, right, top + 1), Box(left, bottom - 1, right, bottom + 1)
    down = Box(left - 1, top, left + 1, bottom), Box(right - 1, top, right + 1, bottom)
    return across, down
