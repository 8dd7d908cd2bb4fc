"""How sure a value is: what speaks for it, and what that was worth on documents whose truth is known.

`calibration.json` holds a logistic regression for each kind of field and one for all kinds together, which speaks for
kinds that are too rare for one of their own.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from shared.documents import Cell, FieldValue, Polygon
from shared.reading.extraction.normalised import Normalised
from shared.templates import Column, Field
from shared.templates.review import needs_review

_LEAST, _MOST = 0.001, 0.999  # nothing is impossible, and nothing certain
_ONE_OF_SEVERAL = 0.6  # plausibility at most of what may as well be something else


class Origin(StrEnum):
    """How a value came to a field."""

    LABEL = "label"  # words near a label
    TICK = "tick"
    INK = "ink"  # where somebody signs
    LETTERHEAD = "letterhead"
    TABLE = "table"
    PAIR = "pair"  # words near a label that no template knows
    LIST = "list"  # lines under a heading
    INSIDE = "inside"  # the text of another field


_STRENGTH = {Origin.TICK: 0.9, Origin.INK: 0.9, Origin.LETTERHEAD: 0.85, Origin.LIST: 0.9, Origin.INSIDE: 0.9}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a value, each 0..1; what does not apply is left at 1.

    `words`: the confidence of its least sure word; `plausibility`: how well it fits its kind; `likeness`: of what was
    read to its label; `place`: how usual it is that values of this form stand there, seen from their labels; `lead`:
    how far behind the next best words for the field are.
    """

    origin: Origin = Origin.LABEL
    words: float = 1.0
    plausibility: float = 1.0
    likeness: float = 1.0
    place: float = 1.0
    lead: float = 1.0

    @property
    def strength(self) -> float:
        """All of it in one number, which orders values; it is no probability."""
        return self.words * self.plausibility * (0.5 + 0.5 * self.likeness) * _STRENGTH.get(self.origin, 1.0)

    def features(self) -> dict[str, float]:
        """The evidence as the regression takes it: log odds of what multiplies, the other shares, and the origin."""
        shares = {name: getattr(self, name) for name in _SHARES}
        odds = {"strength": self.strength, "words": self.words, "plausibility": self.plausibility}
        return {**shares, **{name: log_odds(share) for name, share in odds.items()}, f"origin {self.origin}": 1.0}


_SHARES = tuple(one.name for one in fields(Evidence) if one.name != "origin")


@dataclass(frozen=True, slots=True)
class Finding(FieldValue):
    """A value with the evidence for it, as extraction weighs it; its confidence is the evidence's strength.

    It needs review where it is ambiguous.
    """

    evidence: Evidence = Evidence()


def finding(found: Normalised, text: str, page: int, polygon: Polygon, evidence: Evidence) -> Finding:
    """The value that was found at `polygon`, as sure as `evidence` is strong."""
    if found.ambiguous:
        evidence = replace(evidence, plausibility=min(evidence.plausibility, _ONE_OF_SEVERAL))
    source = "pixels" if evidence.origin in (Origin.TICK, Origin.INK) else "layout"
    others = found.alternatives if found.ambiguous else ()
    sure = round(evidence.strength, 3)
    return Finding(found.value, text, sure, page, polygon, source, found.ambiguous, others, evidence)


def settled(cell: Cell, asked: Field | Column) -> Cell:
    """The value of what the template `asked` for, with a confidence that means what it says."""
    if not isinstance(cell, Finding):
        return cell
    sure = round(confidence(asked.kind, cell.evidence), 3)
    value = FieldValue(
        cell.value, cell.text, sure, cell.page, cell.polygon, cell.source, cell.needs_review, cell.alternatives
    )
    return replace(value, needs_review=needs_review(asked, value))


def confidence(kind: str, evidence: Evidence) -> float:
    """How likely a value of `kind` with this evidence is right, 0..1."""
    regressions = _calibration()
    weights = regressions.get(kind, regressions.get("", {}))
    if not weights:
        return evidence.strength
    said = weights.get("bias", 0.0) + sum(
        weights.get(name, 0.0) * feature for name, feature in evidence.features().items()
    )
    return min(_MOST, max(_LEAST, 1 / (1 + math.exp(-said))))


def log_odds(share: float) -> float:
    """Of a share, kept away from 0 and 1."""
    share = min(_MOST, max(_LEAST, share))
    return math.log(share / (1 - share))


@cache
def _calibration() -> Mapping[str, Mapping[str, float]]:
    """The regressions' weights by kind; under "" that for all kinds. Empty before the first fit."""
    file = files(__package__) / "calibration.json"
    return json.loads(file.read_text("utf-8"))["weights"] if file.is_file() else {}
