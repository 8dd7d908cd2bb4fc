"""What the benchmark's tables say."""

from tests.quality.ocr.benchmark import EngineResult, PageResult
from tests.quality.ocr.engines import ENGINES, Engine
from tests.quality.ocr.measures import CharacterScore, WordScore
from tests.quality.ocr.report import as_markdown, tables
from tests.quality.tables import Machine

MACHINE = Machine("A processor", 2, 0.1, "Linux", "3.11.7")


def page(kind: str, same: int, seconds: float = 1.0) -> PageResult:
    """A page with ten words, `same` of which were read."""
    characters = None if kind == "rotated" else CharacterScore(10 - same, 50)
    return PageResult("engine", "page", kind, seconds, WordScore(same, 10, 10), characters, "text", None)


def result(engine: Engine, pace: float, *pages: PageResult) -> EngineResult:
    """An engine's figures."""
    return EngineResult(engine, {"package": "1.0"}, 2.0, pages, pace, pace / 2, 500_000_000, 600_000_000)


CHARTDROP = result(ENGINES[0], 3.0, page("scan", 9), page("rotated", 8))
PEER = result(ENGINES[1], 1.0, page("scan", 10), page("rotated", 1))
OTHER = result(ENGINES[2], 2.0, page("scan", 7), page("rotated", 3))


def test_speed_is_given_beside_how_many_times_the_pages_of_each_peer_chartdrop_reads() -> None:
    speed = tables([CHARTDROP, PEER, OTHER], {})[0]
    ratio = speed.columns.index("Chartdrop")
    assert [row[ratio] for row in speed.rows] == ["1.00×", "3.00×", "1.50×"]


def test_recall_is_given_by_class_with_the_lead_over_the_best_peer_of_that_class() -> None:
    recall = tables([CHARTDROP, PEER, OTHER], {})[1]
    assert recall.rows == (
        ("scan", "1", "90.0", "100.0", "70.0", "-10.0"),
        ("rotated", "1", "80.0", "10.0", "30.0", "+50.0"),
        ("all", "2", "85.0", "55.0", "50.0", "+30.0"),
    )


def test_character_errors_are_left_out_where_pages_have_no_rows() -> None:
    errors = tables([CHARTDROP, PEER], {})[3]
    assert errors.rows == (("scan", "1", "2.00", "0.00"), ("all", "1", "2.00", "0.00"))


def test_a_step_is_told_by_what_it_costs_and_what_it_brings() -> None:
    steps = tables([CHARTDROP, PEER], {"deskew": [page("scan", 6, 0.75), page("rotated", 8, 0.75)]})[-1]
    assert steps.rows == (
        ("scan", "+250 ms, +30.0"),
        ("rotated", "+250 ms, +0.0"),
        ("all", "+250 ms, +15.0"),
    )


def test_the_document_names_the_machine_and_what_every_engine_is_made_of() -> None:
    document = as_markdown(MACHINE, [CHARTDROP, PEER], tables([CHARTDROP, PEER], {}))
    assert "A processor, 2 cores, load 0.1, Linux." in document
    assert "- paddleocr, its own defaults: package 1.0" in document
    assert "| scan | 1 | 90.0 | 100.0 | -10.0 |" in document
