"""Labels and values linked on forms of no known kind: FUNSD's questions and answers."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from rapidfuzz import fuzz

from shared.documents import Row
from shared.reading.extraction.layout import PageLayout, Segment, lay_out, same_row, text_of
from shared.templates import Kind
from tests.quality.extraction.comparing import folded
from tests.quality.extraction.corpus import Document, Truth
from tests.quality.extraction.run import Result
from tests.quality.ocr.corpus import BESIDE_THE_CHECKOUT

TEMPLATE = "generic_form"
TABLE = "pairs"
_ALIKE = 80.0  # rapidfuzz's ratio: OCR reads these pages of 90 dpi with a mistake in most words


@dataclass(frozen=True, slots=True)
class LinkScore:
    """Links of a question to an answer, how many of them were found; pairs given, how many of them are right."""

    links: int = 0
    found: int = 0
    pairs: int = 0
    right: int = 0

    def __add__(self, other: "LinkScore") -> "LinkScore":
        return LinkScore(
            self.links + other.links, self.found + other.found, self.pairs + other.pairs, self.right + other.right
        )

    @property
    def precision(self) -> float:
        return self.right / self.pairs if self.pairs else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.links if self.links else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def funsd_scores(results: Sequence[Result]) -> dict[str, LinkScore]:
    """What was found on every second form, with which the rules were written, on the others, and on all together."""
    halves = {"rules written with": results[::2], "never looked at": results[1::2], "all": results}
    return {
        f"{name}{way}": reduce(add, map(score, half), LinkScore())
        for name, half in halves.items()
        for way, score in (("", link_score), (", nearest to a colon", baseline_score))
    }


def funsd_documents() -> Iterator[Document]:
    """The forms, with a list of answers to each question in the order of the file as their truth's table `links`."""
    folder = BESIDE_THE_CHECKOUT / "funsd-train"
    for path in sorted((folder / "annotations").glob("*.json")):
        links = tuple(
            {"label": label, "values": values} for label, values in _links(json.loads(path.read_text())["form"])
        )
        payload = (folder / "images" / f"{path.stem}.png").read_bytes()
        yield Document(path.stem, "funsd", "funsd", "", payload, Truth(TEMPLATE, {}, tables={"links": links}), TEMPLATE)


def _links(form: Sequence[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    entities = {entity["id"]: entity for entity in form}
    answers: dict[int, list[str]] = defaultdict(list)
    for start, end in dict.fromkeys(tuple(link) for entity in form for link in entity["linking"]):
        if (entities[start]["label"], entities[end]["label"]) == ("question", "answer") and entities[end][
            "text"
        ].strip():
            answers[start].append(entities[end]["text"])
    return [(entities[question]["text"], texts) for question, texts in answers.items()]


def score_links(links: Sequence[tuple[str, Sequence[str]]], pairs: Sequence[tuple[str, str]]) -> LinkScore:
    """Each pair is right once, for one answer or for all answers to its question together."""
    waiting = [(label, list(values)) for label, values in links]
    right = found = 0
    for label, value in pairs:
        for question, values in waiting:
            if not values or not _alike(label, question):
                continue
            answer = next((one for one in values if _alike(value, one)), None)
            if answer is not None:
                values.remove(answer)
                right, found = right + 1, found + 1
                break
            if _alike(value, " ".join(values)):
                right, found = right + 1, found + len(values)
                values.clear()
                break
    return LinkScore(sum(len(values) for _, values in links), found, len(pairs), right)


def link_score(result: Result) -> LinkScore:
    """The links found on a FUNSD form."""
    links = [(link["label"], link["values"]) for link in result.document.truth.tables["links"]]
    return score_links(links, pairs_of(result.record.tables.get(TABLE, ())))


def baseline_score(result: Result) -> LinkScore:
    """The links that the simplest way finds: words with a colon, and the nearest to the right of them or below."""
    links = [(link["label"], link["values"]) for link in result.document.truth.tables["links"]]
    return score_links(links, [pair for page in result.pages for pair in nearest_to_colons(lay_out(page))])


def nearest_to_colons(layout: PageLayout) -> Iterator[tuple[str, str]]:
    """Each line's text up to a colon with the rest of the line; else with the next line beside it or below."""
    for segment in layout.segments:
        label, colon, rest = text_of(segment.tokens).partition(":")
        if colon:
            value = rest.strip() or _nearest(segment, layout.segments)
            if value:
                yield label, value


def _nearest(segment: Segment, others: Sequence[Segment]) -> str:
    box = segment.box
    right = (
        (other.box.left - box.right, text_of(other.tokens))
        for other in others
        if same_row(other.box, box) and other.box.left >= box.right
    )
    below = (
        (other.box.top - box.bottom, text_of(other.tokens))
        for other in others
        if other.box.top >= box.bottom and other.box.left < box.right and other.box.right > box.left
    )
    return min(right, default=min(below, default=(0.0, "")))[1]


def pairs_of(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The rows of the table `pairs` as texts; rows without a value give nothing."""
    return [(label.text, value.text) for row in rows if (label := row.get("label")) and (value := row.get("value"))]


def _alike(read: str, truth: str) -> bool:
    return fuzz.ratio(folded(read, Kind.TEXT), folded(truth, Kind.TEXT)) >= _ALIKE
