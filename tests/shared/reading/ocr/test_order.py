"""The order in which lines are read."""

from shared.documents import TextLine
from shared.reading.ocr.order import in_reading_order


def line(text: str, left: float, top: float, width: float, height: float = 20) -> TextLine:
    right, bottom = left + width, top + height
    return TextLine(text, 0.99, ((left, top), (right, top), (right, bottom), (left, bottom)), ())


def order(*lines: TextLine) -> str:
    return " ".join(line.text for line in in_reading_order(lines))


def test_a_form_is_read_along_its_rows() -> None:
    """Its halves stand in columns too, but their lines end where the values end."""
    labels = [line(f"l{n}", 100, 100 + 40 * n, 60 + 50 * (n % 4)) for n in range(6)]
    values = [line(f"r{n}", 900, 102 + 40 * n, 40 + 90 * (n % 3)) for n in range(6)]

    assert order(*values, *labels) == "l0 r0 l1 r1 l2 r2 l3 r3 l4 r4 l5 r5"


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [line(f"l{n}", 100, 100 + 30 * n, 580) for n in range(5)]
    right = [line(f"r{n}", 740, 100 + 30 * n, 560) for n in range(5)]

    assert order(*right, *left) == "l0 l1 l2 l3 l4 r0 r1 r2 r3 r4"


def test_a_title_across_columns_comes_before_what_stands_below_it() -> None:
    title = line("title", 300, 40, 800, 40)
    left = [line(f"l{n}", 100, 100 + 30 * n, 580) for n in range(5)]
    right = [line(f"r{n}", 740, 100 + 30 * n, 560) for n in range(5)]

    assert order(*right, *left, title) == "title l0 l1 l2 l3 l4 r0 r1 r2 r3 r4"


def test_lines_of_a_row_need_not_be_quite_level() -> None:
    assert order(line("value", 400, 97, 100), line("label", 100, 100, 100)) == "label value"


def test_no_lines_have_an_order_too() -> None:
    assert in_reading_order([]) == ()
