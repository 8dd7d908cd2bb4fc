"""What stands on the row of a question, which may have a label's words among its answers."""

from functools import lru_cache

from shared.reading.extraction.anchors import Anchor
from shared.reading.extraction.layout import Token, same_row
from shared.reading.extraction.neighbours import Surroundings

_NEXT_TO_BOX = 1.2  # widths of a box between it and what it is for


def inside_words(anchor: Anchor, around: Surroundings) -> bool:
    """Whether it is no label of its own but one word among others, the "code" of "Full code", or what a box is for."""
    if anchor.inline and not any(segment.tokens[0] is anchor.tokens[0] for segment in around.layout.segments):
        return True
    return not anchor.colon and any(
        same_row(one.box, anchor.box) and -0.5 < (anchor.box.left - one.box.right) / one.box.width < _NEXT_TO_BOX
        for one in around.layout.marks.checkboxes
    )


def right_limit(anchor: Anchor, around: Surroundings) -> float:
    """Where the next label on the row begins that is one of its own."""
    box = anchor.box
    labels = (
        other.box.left
        for other in around.anchors
        if other.box.left >= box.right and same_row(other.box, box) and not inside_words(other, around)
    )
    return min(labels, default=float("inf"))


@lru_cache(maxsize=1)  # of the page at hand, where every label asks
def free_words(around: Surroundings) -> tuple[Token, ...]:
    """The words that are in no label, or in one that is none."""
    words = [token for other in around.anchors if inside_words(other, around) for token in other.tokens]
    return (*around.free, *words)
