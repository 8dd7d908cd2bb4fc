"""Whether values cite where they stand."""

import pytest

from shared.documents import Box, Page, box_polygon
from shared.documents.reading import FieldValue
from shared.reading.extraction import PageMarks, Record, SeenPage
from tests.quality.extraction.corpus import Document, Truth
from tests.quality.extraction.places import places
from tests.quality.extraction.run import Result
from tests.quality.extraction.scoring import judge

PAGE = Page(1, 1000, 2000, 200, 0, 0.0, ())
BOXES = {"mrn": {"page": 1, "box": [0.1, 0.1, 0.2, 0.12]}}


def covered(value: str, box: Box, page: int = 1, damage: str = "gray200") -> list[float]:
    document = Document("name", "demo", "family", damage, b"", Truth("referral", {"mrn": "A1"}, boxes=BOXES))
    record = Record({"mrn": FieldValue(value, value, 0.9, page, box_polygon(box))})
    pages = tuple(SeenPage(PAGE if n == 1 else Page(n, 1000, 2000, 200, 0, 0.0, ()), PageMarks()) for n in (1, 2))
    result = Result(document, pages, "referral", record, tuple(judge(document, record)), 0.0)
    return [place.covered for place in places([result])]


def test_a_polygon_around_the_ink_covers_its_value() -> None:
    assert covered("A1", Box(95, 195, 205, 245)) == [pytest.approx(1.0)]


def test_a_polygon_beside_the_ink_or_on_another_page_covers_nothing() -> None:
    assert covered("A1", Box(400, 195, 505, 245)) == [0.0]
    assert covered("A1", Box(95, 195, 205, 245), page=2) == [0.0]


def test_half_of_the_ink_is_half_covered() -> None:
    assert covered("A1", Box(100, 200, 146, 240)) == [pytest.approx(0.5)]


def test_only_right_values_on_flat_pages_are_judged_by_their_place() -> None:
    assert covered("B2", Box(95, 195, 205, 245)) == []
    assert covered("A1", Box(95, 195, 205, 245), damage="photo") == []
