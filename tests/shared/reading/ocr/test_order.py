"""The order in which lines are read."""

from shared.documents import TextLine
from shared.reading.ocr.order import in_reading_order


def line(text: str, left: float, top: float, width: float, height: float = 20) -> TextLine:
    right, bottom = left + width, top + height
    return TextLine(text, 0.99, ((left, top), (right, top), (right, bottom), (left, bottom)), ())


def prose(name: str, left: float, top: float, width: float) -> list[TextLine]:
    return [line(f"{name}{number} of running text", left, top + 30 * number, width) for number in range(5)]


def order(*lines: TextLine) -> str:
    """The first word of each line."""
    return " ".join(line.text.split()[0] for line in in_reading_order(lines))


def test_a_form_is_read_along_its_rows() -> None:
    """Its halves stand in columns too, but their lines end where the values end."""
    labels = [line(f"l{n}", 100, 100 + 40 * n, 60 + 50 * (n % 4)) for n in range(6)]
    values = [line(f"r{n}", 900, 102 + 40 * n, 40 + 90 * (n % 3)) for n in range(6)]

    assert order(*values, *labels) == "l0 r0 l1 r1 l2 r2 l3 r3 l4 r4 l5 r5"


def test_a_column_of_labels_is_no_prose() -> None:
    labels = [line(f"l{n} label", 100, 100 + 40 * n, 200) for n in range(5)]
    values = [line(f"r{n} value", 400, 100 + 40 * n, 300) for n in range(5)]

    assert order(*labels, *values) == "l0 r0 l1 r1 l2 r2 l3 r3 l4 r4"


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = prose("l", 100, 100, 580)
    right = prose("r", 740, 100, 560)

    assert order(*right, *left) == "l0 l1 l2 l3 l4 r0 r1 r2 r3 r4"


def test_a_title_across_columns_comes_before_what_stands_below_it() -> None:
    title = line("title", 300, 40, 800, 40)
    left = prose("l", 100, 100, 580)
    right = prose("r", 740, 100, 560)

    assert order(*right, *left, title) == "title l0 l1 l2 l3 l4 r0 r1 r2 r3 r4"


def test_lines_of_a_row_need_not_be_quite_level() -> None:
    assert order(line("value", 400, 97, 100), line("label", 100, 100, 100)) == "label value"


def test_no_lines_have_an_order_too() -> None:
    assert in_reading_order([]) == ()


def test_a_page_may_be_in_columns_for_a_part_of_it_only() -> None:
    above = [line(f"a{n}", 100, 100 + 30 * n, 1200 - 700 * (n % 2)) for n in range(6)]
    left = prose("l", 100, 300, 580)
    right = prose("r", 740, 310, 560)
    below = [line(f"b{n}", 100, 500 + 30 * n, 1200) for n in range(2)]

    assert order(*right, *left, *below, *above) == "a0 a1 a2 a3 a4 a5 l0 l1 l2 l3 l4 r0 r1 r2 r3 r4 b0 b1"
