"""The engine as a whole, on lines drawn here."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from shared.documents import bounds
from shared.reading.ocr.paddle import PaddleEngine

LINES = ("Patient: Elvina F. Lemke", "NPI: 1325411753", "Date signed 4/10/25")


def drawn(lines: tuple[str, ...]) -> NDArray[np.uint8]:
    page = np.full((600, 1000, 3), 255, dtype=np.uint8)
    for number, text in enumerate(lines):
        cv2.putText(page, text, (80, 120 + 130 * number), cv2.FONT_HERSHEY_DUPLEX, 1.2, (0, 0, 0), 2, cv2.LINE_AA)
    return page


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> PaddleEngine:
    return PaddleEngine(None, threads=1, cache_folder=tmp_path_factory.mktemp("cache"))


def test_lines_are_read_where_they_stand(engine: PaddleEngine) -> None:
    lines = engine.read_lines(drawn(LINES))

    assert tuple(line.text for line in lines) == LINES
    for number, line in enumerate(lines):
        box = bounds(line.polygon)
        assert box.top < 110 + 130 * number < box.bottom
        assert box.left == pytest.approx(80, abs=15)


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_90_CLOCKWISE])
def test_text_that_runs_up_or_down_the_page_is_read_too(engine: PaddleEngine, turn: int) -> None:
    turned = cv2.rotate(drawn(LINES[:1]), turn).astype(np.uint8)

    assert [line.text for line in engine.read_lines(turned)] == [LINES[0]]


def test_an_empty_page_has_no_lines(engine: PaddleEngine) -> None:
    assert engine.read_lines(drawn(())) == ()


def test_a_page_smaller_than_a_letter_is_taken(engine: PaddleEngine) -> None:
    assert engine.read_lines(np.full((17, 19, 3), 255, dtype=np.uint8)) == ()


_WITHOUT_MODELS = """
import sys
from pathlib import Path
from shared.reading.errors import ModelsMissing
from shared.reading.ocr.paddle import PaddleEngine
try:
    PaddleEngine(Path(sys.argv[1]), threads=1, cache_folder=Path(sys.argv[1]))
except ModelsMissing:
    print("paddleocr" in sys.modules)
"""


def test_a_missing_model_is_told_before_paddleocr_is_imported(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT_MODELS, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "False"
