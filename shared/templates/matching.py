"""Which template a document follows, told from its words and where they stand."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.documents import Page
from shared.documents.reading import UNKNOWN
from shared.templates.catalog import GENERIC, load_builtin, template_named
from shared.templates.evidence import Evidence, evidence
from shared.templates.glossary import glossary
from shared.templates.model import Table, Template
from shared.templates.phrases import likeness, plain

AUTO = "auto"
_ENOUGH = 0.5  # confidence below which a document is of unknown type
_EVERYDAY_WEIGHT = 0.1  # of labels that any office's paper bears
_HEADING_WEIGHT = 3.0  # a document that calls itself so outweighs two labels that one kind alone has
_TABLE_WEIGHT = 1.5  # the headings of a table, of a table that one kind alone has
_COLUMNS_OF_A_HEAD = 3  # at least
_EXPECTED = 6.0  # evidence of which a document is as likely of the kind as not
_STEP = 1.5  # evidence that makes it e times as likely
_MARGIN = 1.5  # evidence by which the best must be ahead for the next to count little


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """The template to follow, and how sure it is (0..1) that the document is of the type, or of none that is known."""

    template: Template
    document_type: str
    confidence: float


def choose_template(name: str, pages: Sequence[Page]) -> TemplateChoice:
    """The template called `name`, or with "auto" the one that `pages` look like; failing that, the generic form.

    Raises TemplateUnknown."""
    if name != AUTO:
        template = template_named(name)
        return TemplateChoice(template, template.name, 1.0)
    candidates = tuple(template for template in load_builtin() if template.name != GENERIC)
    best, confidence = likeliest(candidates, pages)
    if confidence < _ENOUGH:
        return TemplateChoice(template_named(GENERIC), UNKNOWN, round(1 - confidence, 2))
    return TemplateChoice(best, best.name, round(confidence, 2))


def likeliest(templates: tuple[Template, ...], pages: Sequence[Page]) -> tuple[Template, float]:
    """The one of `templates` for which there is most evidence, and how sure it is, 0..1."""
    seen = evidence(pages)
    scores = [tells.score(seen) for tells in _all_telling(templates)]
    first, *others = sorted(range(len(scores)), key=lambda at: -scores[at])
    ahead = scores[first] - max((scores[at] for at in others), default=0.0)
    alone = 1 / (1 + math.exp((_EXPECTED - scores[first]) / _STEP))
    return templates[first], alone * (1 - 0.5 * math.exp(-ahead / _MARGIN))


@dataclass(frozen=True, slots=True)
class _Telling:
    """What tells a template from the others, with weights: 0 for what all have, most for what it alone has."""

    labels: Mapping[str, tuple[float, tuple[str, ...]]]  # the fields that it stands for
    tables: tuple[tuple[Table, float], ...]
    headings: Mapping[str, float]

    def score(self, seen: Evidence) -> float:
        """The evidence in `seen` that the document follows the template: 0 for none."""
        return self._of_labels(seen) + self._of_tables(seen) + self._of_headings(seen)

    def _of_labels(self, seen: Evidence) -> float:
        """Each field by the most telling of its labels."""
        best: dict[str, float] = {}
        for label in seen.labels & self.labels.keys():
            weight, fields = self.labels[label]
            for field in fields:
                best[field] = max(best.get(field, 0.0), weight)
        return sum(best.values())

    def _of_tables(self, seen: Evidence) -> float:
        return sum(weight for table, weight in self.tables if any(_is_head(row, table) for row in seen.rows))

    def _of_headings(self, seen: Evidence) -> float:
        return max(
            (weight * _called(text, heading) for text in seen.top for heading, weight in self.headings.items()),
            default=0.0,
        )


@lru_cache(8)
def _all_telling(templates: tuple[Template, ...]) -> tuple[_Telling, ...]:
    labels = [_labels(template) for template in templates]
    headings = [{plain(heading) for heading in template.headings} for template in templates]
    label_rarity = _rarity(labels)
    heading_rarity = _rarity(headings)
    table_rarity = _rarity([{table.name for table in template.tables} for template in templates])
    most = math.log(len(templates) + 1)
    everyday = {plain(label) for label in glossary()["everyday_labels"]}
    return tuple(
        _Telling(
            labels={
                label: (_EVERYDAY_WEIGHT if label in everyday else label_rarity[label], tuple(names))
                for label, names in by_label.items()
            },
            tables=tuple((table, _TABLE_WEIGHT * table_rarity[table.name]) for table in template.tables),
            headings={heading: _HEADING_WEIGHT * heading_rarity[heading] / most for heading in known},
        )
        for template, by_label, known in zip(templates, labels, headings, strict=True)
    )


def _labels(template: Template) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field in template.fields:
        for label in field.labels:
            found.setdefault(plain(label), []).append(field.name)
    for table in template.tables:
        for heading in table.headings:
            found.setdefault(plain(heading), []).append(table.name)
    return found


def _rarity(known: Sequence[Iterable[str]]) -> dict[str, float]:
    """By what at least one of the templates has: 0 where all do, more the fewer do."""
    counts = Counter(phrase for phrases in known for phrase in phrases)
    return {phrase: math.log((len(known) + 1) / (count + 0.5)) for phrase, count in counts.items()}


def _is_head(row: str, table: Table) -> bool:
    """Whether `row` is little but headings of the table's columns."""
    words = row.split()
    left = f" {row} "
    found = 0
    for column in table.columns:
        longest = max((label for label in map(plain, column.labels) if f" {label} " in left), key=len, default="")
        if longest:
            left = left.replace(f" {longest} ", "  ", 1)
            found += 1
    return found >= min(_COLUMNS_OF_A_HEAD, len(table.columns)) and len(left.split()) <= len(words) / 3


def _called(text: str, heading: str) -> float:
    """How much `text` is the heading: 1 where it is nothing else, less the more words stand beside it."""
    if f" {heading} " in f" {text} ":
        return 0.5 + 0.5 * len(heading) / len(text)
    return likeness(text, heading)
