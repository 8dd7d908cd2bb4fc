"""The recogniser's last step, keeping what PaddleOCR's own throws away: each character's confidence and place.

Imports PaddleOCR: call `shared.reading.ocr.paddle.quieten` before importing this.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from paddlex.inference.models.text_recognition.processors import CTCLabelDecode

from shared.reading.ocr.words import RecognisedCharacter, RecognisedLine

_BLANK = 0  # CTC's "no character here"


class CharacterDecoder(CTCLabelDecode):  # type: ignore[misc]
    """Best-path CTC decoding (Graves et al. 2006): repeated classes are one character, blanks part them."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.character = list(characters)  # the blank first, the space last

    def __call__(
        self,
        pred: Sequence[NDArray[np.float32]],
        return_word_box: bool = False,  # noqa: ARG002  # PaddleOCR passes it by name
        wh_ratio_list: Sequence[float] = (),
        max_wh_ratio: float = 1.0,
    ) -> tuple[list[RecognisedLine], list[float]]:
        """One line a row of `pred` (lines x columns x classes), and each line's confidence."""
        lines = [
            self._decode(probabilities, ratio / max_wh_ratio)
            for probabilities, ratio in zip(pred[0], wh_ratio_list, strict=True)
        ]
        return lines, [line.confidence for line in lines]

    def _decode(self, probabilities: NDArray[np.float32], used_share: float) -> RecognisedLine:
        """`used_share` is the part of the columns that shows the line: the rest is padding on its right."""
        classes = probabilities.argmax(axis=-1)
        best = probabilities.max(axis=-1)
        columns = len(classes) * used_share
        starts = np.flatnonzero(np.diff(classes, prepend=-1) != 0)
        ends = np.append(starts[1:], len(classes))
        return RecognisedLine(
            tuple(
                RecognisedCharacter(
                    text=self.character[classes[start]],
                    confidence=float(best[start:end].max()),
                    start=min(1.0, float(start / columns)),
                    end=min(1.0, float(end / columns)),
                )
                for start, end in zip(starts, ends, strict=True)
                if classes[start] != _BLANK
            )
        )
