"""Which template a document follows, told from its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.documents import Page, bounds
from shared.documents.reading import UNKNOWN
from shared.templates.catalog import load_builtin, template_named
from shared.templates.model import Template
from shared.templates.phrases import Texts, contains, plain

AUTO = "auto"
_TOP = 0.25  # of the first page's height: where a document says what it is
_HEADING_AT_LEAST = 0.88  # likeness of a heading that counts as read
_ENOUGH = 0.5  # confidence below which a document is of unknown type
_LONGEST_LABEL = 8  # words
_USUAL_SHARE = 0.5  # of a template's labels: a form that bears so many is of its kind beyond doubt
_SHARED_BY_ALL = 0.2
_NO_HEADING = 0.9  # the most that labels alone can give


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """The template to follow, if any, and how sure it is (0..1) that the document is of that type."""

    template: Template | None
    document_type: str
    confidence: float


def choose_template(name: str, pages: Sequence[Page]) -> TemplateChoice:
    """The template called `name`, or with "auto" the one that `pages` look like. Raises TemplateUnknown."""
    if name != AUTO:
        template = template_named(name)
        return TemplateChoice(template, template.name, 1.0)
    scored = [(resemblance(template, pages), template) for template in load_builtin()]
    confidence, best = max(scored, key=lambda pair: pair[0])
    if confidence < _ENOUGH:
        return TemplateChoice(None, UNKNOWN, round(1 - confidence, 2))
    return TemplateChoice(best, best.name, round(confidence, 2))


def resemblance(template: Template, pages: Sequence[Page]) -> float:
    """How sure it is that `pages` follow `template`, 0..1: by what they call themselves and the labels they bear."""
    if not pages:
        return 0.0
    heading = _heading_likeness(template, pages[0])
    share = _label_share(template, pages)
    if heading:
        return 0.55 * heading + 0.45 * min(1.0, share / _USUAL_SHARE)
    # Kinds of clinical document share a third of their labels: only what goes beyond that tells one.
    return min(_NO_HEADING, max(0.0, (share - _SHARED_BY_ALL) / _USUAL_SHARE))


def _heading_likeness(template: Template, page: Page) -> float:
    top = [plain(line.text) for line in page.lines if bounds(line.polygon).top < _TOP * page.height]
    found = [contains(text, plain(heading)) for text in top for heading in template.headings]
    best = max(found, default=0.0)
    return best if best >= _HEADING_AT_LEAST else 0.0


def _label_share(template: Template, pages: Sequence[Page]) -> float:
    """The share of the template's labelled fields of which a label stands at the beginning of some line."""
    beginnings = Texts(beginning for page in pages for line in page.lines for beginning in _beginnings(line.text))
    labelled = [field for field in template.fields if field.labels]
    found = sum(any(beginnings.bear(plain(label)) for label in field.labels) for field in labelled)
    return found / len(labelled)


def _beginnings(text: str) -> Iterator[str]:
    """The first words of each labelled part of a line."""
    for part in text.split(":"):
        words = plain(part).split()
        for count in range(1, min(_LONGEST_LABEL, len(words)) + 1):
            yield " ".join(words[:count])
