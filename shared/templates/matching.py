"""Which template a document follows, told from its words and where they stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shared.documents import Page
from shared.documents.reading import UNKNOWN
from shared.templates.catalog import GENERIC, load_builtin, template_named
from shared.templates.evidence import Evidence, evidence
from shared.templates.model import Template
from shared.templates.telling import tellings

AUTO = "auto"
_ENOUGH = 0.5  # confidence below which a document is of unknown type
_EXPECTED = 4.0  # evidence of which a document is as likely of the kind as not
_STEP = 1.0  # evidence that makes it e times as likely
_FULL_PAGE = 30  # lines; of a document with fewer, less evidence is expected
_EMPTY = 0.35  # of that evidence, where hardly anything stands
_MARGIN = 1.5  # evidence by which the best must be ahead for the next to count little
_CALLED = 2.0  # evidence of a heading, and hardly a word beside it
_OWN = 2.0  # evidence by which a clinic's own kind is ahead of ours for a document that calls itself so


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """The template to follow, and how sure it is (0..1) that the document is of the type, or of none that is known."""

    template: Template
    document_type: str
    confidence: float


def choose_template(name: str, pages: Sequence[Page], own: tuple[Template, ...] = ()) -> TemplateChoice:
    """The template called `name`, or with "auto" the one that `pages` look like; failing that, the generic form.

    `own` are a clinic's: "auto" takes one for documents that bear one of its headings. Raises TemplateUnknown."""
    if name != AUTO:
        template = template_named(name, own)
        return TemplateChoice(template, template.name, 1.0)
    best, confidence = likeliest(pages, own)
    if confidence < _ENOUGH:
        return TemplateChoice(template_named(GENERIC), UNKNOWN, round(1 - confidence, 2))
    return TemplateChoice(best, best.name, round(confidence, 2))


def likeliest(pages: Sequence[Page], own: tuple[Template, ...] = ()) -> tuple[Template, float]:
    """The template for which there is most evidence, and how sure it is, 0..1."""
    seen = evidence(pages)
    ours = tuple(template for template in load_builtin() if template.name != GENERIC)
    scores = dict(zip(ours, tellings(ours, ours).scores(seen), strict=True)) | _of_own(own, ours, seen)
    first, second, *_ = sorted(scores, key=lambda template: -scores[template])
    fullness = _EMPTY + (1 - _EMPTY) * min(1.0, seen.lines / _FULL_PAGE)
    alone = 1 / (1 + math.exp((_EXPECTED * fullness - scores[first]) / _STEP))
    return first, alone * (1 - 0.5 * math.exp((scores[second] - scores[first]) / _MARGIN))


def _of_own(own: tuple[Template, ...], ours: tuple[Template, ...], seen: Evidence) -> dict[Template, float]:
    """The evidence for each of a clinic's own that the document calls itself: others only look like those of ours."""
    if not own:
        return {}
    known = tellings(own, ours)
    called = [telling.of_headings(seen) >= _CALLED for telling in known.each]
    return {
        template: score + _OWN
        for template, score, is_called in zip(own, known.scores(seen), called, strict=True)
        if is_called
    }
