"""What a line says: the recognisers, and which of them is asked."""

from math import ceil
from pathlib import Path

import cv2
import numpy as np

from shared.documents import Polygon
from shared.reading.ocr.decoder import CharacterDecoder
from shared.reading.ocr.engine import Picture
from shared.reading.ocr.predictors import Tensor, load_recognition
from shared.reading.ocr.words import RecognisedLine

_HEIGHT = 48  # pixels of the strips the models were trained on
_NARROWEST = 64  # the models' own 320 makes every short word as dear as a long one; accuracy stays
_WIDEST = 3200

# The fast recogniser is believed where each character is this sure and no gap may hide a space; see LineReader.
_SURE_CHARACTER = 0.95
_SPACE_IN_DOUBT = 0.01


class LineRecogniser:
    """One of PP-OCRv6's recognisers."""

    def __init__(self, folder: Path, threads: int, space_from: float) -> None:
        """`space_from` as CharacterDecoder says."""
        predictor = load_recognition(folder, threads).paddlex_predictor
        # Its own pre- and post-processing are left aside: they drop each character's confidence and place.
        self._model = predictor.runner
        self._decoder = CharacterDecoder(predictor.config["PostProcess"]["character_dict"], space_from)

    def recognise(self, strip: Tensor, used_share: float) -> RecognisedLine:
        """The line on a strip that `prepare` made."""
        return self._decoder.decode(self._model(x=strip)[0][0], used_share)


class LineReader:
    """A fast recogniser first, and where that is unsure an accurate one, which costs 4.5 times as much.

    Measured on 62 pages of ten classes: the accurate one for every line finds 87.9 % of the words, this cascade
    87.9 % too, asking it for 44 % of the lines at 0.74 of its time; with 0.9 for a sure character 87.8 % at 0.67,
    the fast one alone 84.8 % at 0.22. Doubtful gaps are what the fast one is surest and wrongest about.
    """

    def __init__(self, fast: LineRecogniser, accurate: LineRecogniser) -> None:
        self._fast = fast
        self._accurate = accurate

    def read(self, picture: Picture, corners: Polygon) -> RecognisedLine:
        """What stands between `corners` (clockwise from the top left of the text)."""
        strip, used_share = prepare(cut_line(picture, corners))
        first = self._fast.recognise(strip, used_share)
        return first if is_sure(first) else self._accurate.recognise(strip, used_share)


def is_sure(line: RecognisedLine) -> bool:
    """Whether nothing on the line asks for a second look."""
    return line.weakest >= _SURE_CHARACTER and line.space_doubt <= _SPACE_IN_DOUBT


def cut_line(picture: Picture, corners: Polygon) -> Picture:
    """The line, level and as large as it stands in `picture`."""
    quad = np.array(corners, dtype=np.float32)
    a, b, c, d = quad
    width = max(1, int(max(np.linalg.norm(a - b), np.linalg.norm(c - d))))
    height = max(1, int(max(np.linalg.norm(a - d), np.linalg.norm(b - c))))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    levelling = cv2.getPerspectiveTransform(quad, target)
    cut = cv2.warpPerspective(
        picture, levelling, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return cut.astype(np.uint8, copy=False)


def prepare(line: Picture) -> tuple[Tensor, float]:
    """`line` as the recognisers take it, and the share of the width that shows it: the rest is padding."""
    height, width = line.shape[:2]
    used = min(_WIDEST, ceil(_HEIGHT * width / height))
    levels = cv2.resize(line, (used, _HEIGHT)).astype(np.float32) / 127.5 - 1  # -1..1, as in training
    strip = np.ascontiguousarray(levels.transpose(2, 0, 1)[np.newaxis])
    if used >= _NARROWEST:
        return strip, 1.0
    padded = np.zeros((1, 3, _HEIGHT, _NARROWEST), dtype=np.float32)
    padded[..., :used] = strip
    return padded, used / _NARROWEST
