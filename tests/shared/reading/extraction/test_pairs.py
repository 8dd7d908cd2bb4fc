"""Labels and values on forms that no template knows, on pages written down here word by word."""

import pytest

from shared.documents import Box, Page, TextLine, Word, bounds, box_polygon
from shared.reading.extraction import PageMarks, SeenPage, extract
from shared.reading.extraction.boxes import Checkbox
from shared.templates import template_named

GENERIC = template_named("generic_form")
LETTER = 14  # pixels a character
LINE = 30  # pixels
Printed = tuple[float, float, str]
Pairs = list[tuple[str, str]]


def line(x: float, y: float, text: str) -> TextLine:
    words, left = [], x
    for word in text.split(" "):
        box = Box(left, y, left + LETTER * len(word), y + LINE)
        words.append(Word(word, 0.99, box_polygon(box)))
        left = box.right + LETTER
    return TextLine(text, 0.99, box_polygon(Box(x, y, left - LETTER, y + LINE)), tuple(words))


def page(*printed: Printed, marks: PageMarks | None = None, number: int = 1) -> SeenPage:
    return SeenPage(Page(number, 1700, 2200, 200, 0, 0.0, tuple(line(*one) for one in printed)), marks or PageMarks())


def pairs_of(*pages: SeenPage) -> Pairs:
    rows = extract(pages, GENERIC).tables["pairs"]
    return [(str(row["label"].value), str(row["value"].value)) for row in rows if row["label"] and row["value"]]


def pairs(*printed: Printed, marks: PageMarks | None = None) -> Pairs:
    return pairs_of(page(*printed, marks=marks))


def rule(left: float, right: float, y: float) -> Box:
    return Box(left, y - 1, right, y + 1)


def frame(left: float, top: float, right: float, bottom: float) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    down = Box(left - 1, top, left + 1, bottom), Box(right - 1, top, right + 1, bottom)
    return (rule(left, right, top), rule(left, right, bottom)), down


def test_a_value_follows_a_colon() -> None:
    assert pairs((100, 300, "Boat name: Sea Otter"), (100, 360, "Berth:"), (500, 360, "C 14")) == [
        ("Boat name", "Sea Otter"),
        ("Berth", "C 14"),
    ]


def test_several_labels_share_one_line() -> None:
    assert pairs((100, 300, "Vessel: Sea Otter Berth: C14 Paid: $220.00")) == [
        ("Vessel", "Sea Otter"),
        ("Berth", "C14"),
        ("Paid", "$220.00"),
    ]


def test_semicolons_part_pairs_on_one_line() -> None:
    assert pairs((100, 300, "Vessel: Sea Otter; Berth: C14; Hull: Blue steel;")) == [
        ("Vessel", "Sea Otter"),
        ("Berth", "C14"),
        ("Hull", "Blue steel"),
    ]


def test_a_colon_may_be_read_as_a_semicolon() -> None:
    assert pairs((100, 300, "Boat name; Sea Otter")) == [("Boat name", "Sea Otter")]


def test_a_label_without_a_colon_is_known_from_the_column_it_stands_in() -> None:
    found = pairs(
        (100, 300, "Hull length"), (500, 300, "38 ft"),
        (100, 360, "Engine"), (500, 360, "Diesel"),
        (100, 420, "Mooring"), (500, 420, "Stern line"),
    )  # fmt: skip

    assert found == [("Hull length", "38 ft"), ("Engine", "Diesel"), ("Mooring", "Stern line")]


def test_a_value_stands_under_its_label_in_a_ruled_cell() -> None:
    across, down = frame(90, 290, 600, 365)
    found = pairs((100, 295, "Home port"), (110, 330, "Astoria, Oregon"), marks=PageMarks((), across, down))

    assert found == [("Home port", "Astoria, Oregon")]


def test_a_value_stands_on_the_line_over_its_label() -> None:
    marks = PageMarks((), (rule(100, 700, 352), rule(900, 1300, 352)))
    found = pairs(
        (110, 318, "Edward Marsh"), (100, 358, "Harbor master"),
        (910, 318, "03/04/2024"), (900, 358, "Date"),
        marks=marks,
    )  # fmt: skip

    assert found == [("Harbor master", "Edward Marsh"), ("Date", "03/04/2024")]


def test_a_value_is_what_stands_on_the_line_behind_its_label() -> None:
    assert pairs((100, 300, "Skipper Edward Marsh"), marks=PageMarks((), (rule(212, 700, 334),))) == [
        ("Skipper", "Edward Marsh")
    ]


def test_a_value_goes_on_in_the_next_line() -> None:
    found = pairs((100, 300, "Remarks:"), (400, 300, "Repaint the hull and"), (400, 345, "replace both anchors"))

    assert found == [("Remarks", "Repaint the hull and replace both anchors")]


def test_a_label_goes_on_in_the_next_line() -> None:
    found = pairs((100, 300, "Source of"), (100, 335, "information: Harbor log"))

    assert found == [("Source of information", "Harbor log")]


def test_a_known_label_needs_no_colon_before_a_number() -> None:
    assert pairs((100, 300, "Fax Number 305-555-6107")) == [("Fax Number", "305-555-6107")]


@pytest.mark.parametrize("ticked", [(), ("Diesel",), ("Petrol", "Sail")])
def test_a_question_is_paired_with_what_was_ticked(ticked: tuple[str, ...]) -> None:
    options = {"Diesel": 500.0, "Petrol": 800.0, "Sail": 1100.0}
    boxes = tuple(
        Checkbox(Box(x - 40, 302, x - 12, 330), 0.3 if name in ticked else 0.0) for name, x in options.items()
    )
    found = pairs(
        (100, 300, "Kind of engine"), *((x, 300, name) for name, x in options.items()), marks=PageMarks(boxes)
    )

    assert found == ([("Kind of engine", " ".join(ticked))] if ticked else [])


def test_boxes_may_be_typed() -> None:
    found = pairs(
        (100, 300, "Insured: ( ) Yes (x) No"),
        (100, 360, "Trailer: [X] Yes [ ] No"),
        (100, 420, "Sails: [ ] Yes [ ] No"),
    )

    assert found == [("Insured", "No"), ("Trailer", "Yes")]


def test_a_word_may_be_marked_by_a_letter() -> None:
    found = pairs(
        (100, 300, "Insured: Yes x No"), (100, 360, "Trailer:"), (400, 360, "Yes"), (600, 360, "No"), (700, 360, "X")
    )

    assert found == [("Insured", "Yes"), ("Trailer", "No")]


def test_nothing_is_chosen_where_nothing_is_marked() -> None:
    assert pairs((100, 300, "Insured: Yes No"), (100, 360, "Sex:"), (400, 360, "O Male"), (600, 360, "O Female")) == []


def test_dots_lead_from_a_label_to_its_value() -> None:
    found = pairs((100, 300, "Skipper . . . . Edward Marsh"), (100, 360, "Home port ........ Astoria"))

    assert found == [("Skipper", "Edward Marsh"), ("Home port", "Astoria")]


def test_labels_may_be_numbered() -> None:
    assert pairs((100, 300, "12. Boat name: Sea Otter")) == [("Boat name", "Sea Otter")]


def test_labels_over_their_values_in_rows_of_cells_are_no_table() -> None:
    rows = [("Boat name", "Berth", "Mooring"), ("Sea Otter", "C14", "Stern line")]
    more = [("Date", "Fax", "Owner"), ("03/04/2024", "305-555-6107", "Ann Lee")]
    lines = [
        (100 + 500 * at, y, text)
        for y, row in zip((300, 335, 400, 435), rows + more, strict=True)
        for at, text in enumerate(row)
    ]
    across = tuple(rule(90, 1590, y) for y in (292, 392, 492))
    down = tuple(Box(x - 1, 292, x + 1, 492) for x in (90, 590, 1090, 1590))

    assert pairs(*lines, marks=PageMarks((), across, down)) == [
        ("Boat name", "Sea Otter"), ("Berth", "C14"), ("Mooring", "Stern line"),
        ("Date", "03/04/2024"), ("Fax", "305-555-6107"), ("Owner", "Ann Lee"),
    ]  # fmt: skip


def test_the_headings_of_a_table_are_paired_with_the_entries_under_them() -> None:
    found = pairs(
        (100, 300, "BOAT"), (500, 300, "BERTH"), (900, 300, "FEE"),
        (100, 360, "Sea Otter"), (500, 360, "C14"), (900, 360, "$220.00"),
        (100, 420, "Petrel"), (500, 420, "D2"), (900, 420, "$180.00"),
    )  # fmt: skip

    assert found == [
        ("BOAT", "Sea Otter"), ("BERTH", "C14"), ("FEE", "$220.00"),
        ("BOAT", "Petrel"), ("BERTH", "D2"), ("FEE", "$180.00"),
    ]  # fmt: skip


def test_a_blank_form_gives_no_pairs() -> None:
    across, down = frame(90, 590, 600, 665)
    marks = PageMarks((), (rule(420, 1000, 334), rule(420, 1000, 394), *across), down)
    found = pairs(
        (100, 100, "Mooring permit"),
        (100, 300, "Boat name:"),
        (100, 360, "Berth:"), (1050, 360, "Date:"),
        (100, 420, "Owner ________________ Phone ___________"),
        (100, 595, "Home port"),
        marks=marks,
    )  # fmt: skip

    assert found == []


def test_an_empty_field_is_not_filled_from_the_next() -> None:
    found = pairs(
        (100, 300, "Boat name:"), (700, 300, "Berth: C14"), (100, 345, "Owner: Ann Lee"), (100, 390, "Insurer:")
    )

    assert found == [("Berth", "C14"), ("Owner", "Ann Lee")]


def test_a_remark_in_brackets_is_no_value() -> None:
    assert pairs((100, 300, "Pages:"), (400, 300, "(including this cover sheet)")) == []


def test_running_text_gives_no_pairs() -> None:
    found = pairs(
        (100, 300, "Dear Mr. Marsh,"),
        (100, 380, "thank you for the letter that you sent us in March about the moorings."),
        (100, 425, "We have looked into it and will write again as soon as the harbor board"),
        (100, 470, "has met. Please call 305-555-6107 if anything is unclear before then."),
        (100, 560, "Yours sincerely"),
        (100, 660, "Edward Lee"),
    )

    assert found == []


def test_an_empty_page_gives_no_pairs() -> None:
    assert pairs() == []


def test_every_page_gives_its_pairs() -> None:
    found = pairs_of(page((100, 300, "Berth: C14")), page((100, 300, "Berth: D2"), number=2))

    assert found == [("Berth", "C14"), ("Berth", "D2")]


def test_a_pair_cites_its_words() -> None:
    (row,) = extract([page((100, 300, "Berth: C14 north"), number=3)], GENERIC).tables["pairs"]
    label, value = row["label"], row["value"]

    assert label is not None
    assert value is not None
    assert (label.page, value.page) == (3, 3)
    assert bounds(label.polygon) == Box(100, 300, 184, 330)
    assert bounds(value.polygon) == Box(198, 300, 324, 330)
    assert 0.5 < value.confidence < 1.0


def test_one_item_of_a_form_is_not_the_value_of_the_one_before() -> None:
    assert pairs((100, 100, "3 Date of Incident"), (700, 100, "4 Amount Due")) == []


def test_what_a_form_says_of_itself_is_no_pair() -> None:
    assert pairs((100, 100, "CONFIDENTIAL: contains protected health information.")) == []


LABELS = ("Berth:", "Boat:", "Owner:", "Port:", "Flag:", "Crew:")
EMPTY = [(100.0, 300.0 + 70 * number, label) for number, label in enumerate(LABELS)]
HEADING = (100.0, 300.0 + 70 * 6, "Mooring")
SPECK = PageMarks(checkboxes=(Checkbox(Box(60, 722, 84, 748), 0.9),))


def test_a_heading_on_a_form_that_nobody_filled_in_is_no_value() -> None:
    more = [(100.0, 800.0 + 70 * number, f"{label}:") for number, label in enumerate(["Length", "Beam", "Draft"])]

    assert pairs(*EMPTY, HEADING, *more) == []
    assert pairs(*EMPTY, HEADING, *more, marks=SPECK) == []


def test_one_value_beside_its_label_is_found_on_a_form_that_is_empty_otherwise() -> None:
    assert pairs(*EMPTY, (100, 720, "Mast:"), (100, 790, "Keel:"), (400, 720, "Spruce")) == [("Mast", "Spruce")]


def test_numbered_items_beside_each_other_are_no_pairs() -> None:
    left = [
        (100.0, 300.0 + 70 * number, f"{number + 1} {name}") for number, name in enumerate(["Owner", "Model", "Size"])
    ]
    right = [
        (700.0, 300.0 + 70 * number, f"{number + 5} {name}") for number, name in enumerate(["Color", "Year", "Use"])
    ]

    assert pairs(*left, *right) == []


def test_labels_that_end_in_a_full_stop_are_no_values() -> None:
    labels = [("Mileage.", "• Shipping Method."), ("Requested By.", "• Pet's Name."), ("Order No..", "• Color.")]
    rows = [
        (x, 300.0 + 70 * row, text)
        for row, two in enumerate(labels)
        for x, text in zip((100.0, 330.0), two, strict=True)
    ]

    assert pairs(*rows) == []


def test_rows_of_labels_alone_are_a_form_that_nobody_filled_in() -> None:
    labels = ("Maker", "Shipping Method", "Owner", "Daytime Phone", "Unit Price", "Location", "Model", "Berth",
              "Order Type", "T-shirt Size", "Mileage", "Destination")  # fmt: skip
    printed = [(100.0 + 400 * (at % 4), 300.0 + 100 * (at // 4), label) for at, label in enumerate(labels)]

    assert pairs(*printed) == []
