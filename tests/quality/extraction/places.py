"""Whether values cite the place where they stand, on documents whose truth knows it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.documents import Page, bounds
from tests.quality.extraction.run import Result
from tests.quality.extraction.scoring import Judgement, Outcome

ENOUGH = 0.5
"""Share of a value's ink that its polygon has to cover."""

_SLACK = 0.004  # of the page's width and height: a page's margins move a little when it is straightened
_MOVED = frozenset({"photo", "phone"})  # damages after which nothing stands where it was drawn


@dataclass(frozen=True, slots=True)
class Place:
    """A value that is right, and the share of its ink's box that its polygon covers, 0..1."""

    judgement: Judgement
    covered: float


def places(results: Iterable[Result]) -> Iterator[Place]:
    """The right values of documents whose truth has boxes (shares of the upright page's width and height)."""
    for result in results:
        truth = result.document.truth
        if not truth.boxes or result.document.damage in _MOVED:
            continue
        pages = {seen.page.number: seen.page for seen in result.pages}
        for judgement in result.judgements:
            box = truth.boxes.get(_key(judgement))
            if judgement.outcome is Outcome.RIGHT and judgement.found and box:
                on_page = judgement.found.page == box["page"]
                yield Place(judgement, _covered(judgement, pages[judgement.found.page], box["box"]) if on_page else 0.0)


def _key(judgement: Judgement) -> str:
    if judgement.row is None:
        return judgement.field
    table, _, column = judgement.field.partition(".")
    return f"{table}.{judgement.row}.{column}"


def _covered(judgement: Judgement, page: Page, truth: tuple[float, float, float, float]) -> float:
    assert judgement.found
    found = bounds(judgement.found.polygon)
    left, top, right, bottom = truth
    across = _overlap((left, right), (found.left / page.width, found.right / page.width))
    down = _overlap((top, bottom), (found.top / page.height, found.bottom / page.height))
    return across * down


def _overlap(truth: tuple[float, float], found: tuple[float, float]) -> float:
    """The share of `truth` that is in `found`, which is widened by the slack."""
    begin, end = max(truth[0], found[0] - _SLACK), min(truth[1], found[1] + _SLACK)
    return max(0.0, end - begin) / max(1e-6, truth[1] - truth[0])
