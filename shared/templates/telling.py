"""What tells each kind of document from the others, and how much of it a document bears."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.templates.evidence import Evidence
from shared.templates.glossary import glossary
from shared.templates.model import Table, Template
from shared.templates.phrases import Labels, plain

_EVERYDAY_WEIGHT = 0.1  # of labels that any office's paper bears
_TABLE_WEIGHT = 1.5  # the headings of a table, of a table that one kind alone has
_HEADING_WEIGHT = 3.0  # a document that calls itself so outweighs two labels that one kind alone has
_SIGN_WEIGHT = 1.5
_SIGNS_COUNTED = 4.5  # at most: a page of small print is no better evidence than its first sentences
_WHOLE_WEIGHT = 3.0  # of all that the kind asks for: a card bears most of it, what little there is
_COLUMNS_OF_A_HEAD = 3  # at least
_A_WORD = 5  # letters; of a shorter heading (MAR) there are others with the same letters
_SAME_WORDS = 0.88  # likeness; "general information" is 0.84 like "referral information"
_READABLE = range(6, 60)  # letters of a text that is looked for among the labels despite OCR's mistakes

_By = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Telling:
    """What tells a template from the others, with weights: 0 for what all have, most for what it alone has."""

    labels: Mapping[str, tuple[float, tuple[str, ...]]]  # the fields that it stands for
    tables: tuple[tuple["_Heads", float], ...]
    headings: _By
    signs: _By  # without spaces
    whole: float  # the evidence that all labels and tables together give

    def score(self, seen: Evidence, labels: _By) -> float:
        """The evidence that the document follows the template, 0 for none; `labels` are those that `seen` bears."""
        asked = self._of_labels(labels) + self._of_tables(seen)
        return asked + _WHOLE_WEIGHT * asked / self.whole + self.of_headings(seen) + self._of_signs(seen)

    def of_headings(self, seen: Evidence) -> float:
        """That part of it which is that the document calls itself so."""
        return max((weight * _called(seen, heading) for heading, weight in self.headings.items()), default=0.0)

    def _of_labels(self, labels: _By) -> float:
        """Each field by the most telling of its labels."""
        best: dict[str, float] = {}
        for label, alike in labels.items():
            weight, fields = self.labels.get(label, (0.0, ()))
            for field in fields:
                best[field] = max(best.get(field, 0.0), weight * alike)
        return sum(best.values())

    def _of_tables(self, seen: Evidence) -> float:
        return sum(weight for heads, weight in self.tables if any(map(heads.bear, seen.rows)))

    def _of_signs(self, seen: Evidence) -> float:
        return min(_SIGNS_COUNTED, sum(weight for sign, weight in self.signs.items() if sign in seen.words))


@dataclass(frozen=True, slots=True)
class Tellings:
    """What tells each of several templates from the others, in their order."""

    each: tuple[Telling, ...]
    labels: Labels  # of all of them

    def scores(self, seen: Evidence) -> list[float]:
        """The evidence in `seen` for each."""
        labels = self._labels_in(seen)
        return [telling.score(seen, labels) for telling in self.each]

    def _labels_in(self, seen: Evidence) -> dict[str, float]:
        """The labels that `seen` bears, and how sure it is that each is what was read."""
        found = {label: 1.0 for text in seen.labels if (label := self.labels.same(text))}
        for text in seen.whole - seen.labels & found.keys():
            nearest = self.labels.nearest(text) if len(text) in _READABLE else None
            if nearest:
                label, alike = nearest
                found[label] = max(alike, found.get(label, 0.0))
        return found


@lru_cache(8)
def tellings(templates: tuple[Template, ...], general: tuple[Template, ...]) -> Tellings:
    """What tells `templates` apart; how rare a label is, is how few of the `general` ones have it."""
    rarity = _Rarity.among(general)
    each = tuple(_telling(template, rarity) for template in templates)
    return Tellings(each, Labels(dict.fromkeys(label for telling in each for label in telling.labels)))


def _telling(template: Template, rarity: "_Rarity") -> Telling:
    labels = {label: (rarity.of_label(label), tuple(names)) for label, names in _labels(template).items()}
    tables = tuple((_Heads.of(table), _TABLE_WEIGHT * rarity.of("table", table.name)) for table in template.tables)
    best: dict[str, float] = {}
    for weight, names in labels.values():
        best |= {name: max(best.get(name, 0.0), weight) for name in names}
    return Telling(
        labels=labels,
        tables=tables,
        headings={text: _HEADING_WEIGHT * rarity.part("heading", text) for text in map(plain, template.headings)},
        signs={_joined(text): _SIGN_WEIGHT * rarity.part("sign", _joined(text)) for text in template.signs},
        whole=sum(best.values()) + sum(weight for _, weight in tables) or 1.0,
    )


@dataclass(frozen=True, slots=True)
class _Rarity:
    """How many of `templates` templates have a thing: ("label", "mrn")."""

    counts: Mapping[tuple[str, str], int]
    templates: int
    everyday: frozenset[str]

    @staticmethod
    def among(templates: Sequence[Template]) -> "_Rarity":
        counts = Counter(thing for template in templates for thing in set(_things(template)))
        return _Rarity(counts, len(templates), frozenset(map(plain, glossary()["everyday_labels"])))

    def of(self, what: str, text: str) -> float:
        """0 where all have it, more the fewer do."""
        return math.log((self.templates + 1) / (self.counts.get((what, text), 1) + 0.5))

    def part(self, what: str, text: str) -> float:
        """The same as a part of what that would be of which there is none: 0..1."""
        return self.of(what, text) / math.log(self.templates + 1)

    def of_label(self, label: str) -> float:
        return _EVERYDAY_WEIGHT if label in self.everyday else self.of("label", label)


def _things(template: Template) -> Iterable[tuple[str, str]]:
    yield from (("label", label) for label in _labels(template))
    yield from (("table", table.name) for table in template.tables)
    yield from (("heading", plain(heading)) for heading in template.headings)
    yield from (("sign", _joined(sign)) for sign in template.signs)


def _labels(template: Template) -> dict[str, list[str]]:
    """With the names of the fields and tables that each stands for."""
    found: dict[str, list[str]] = {}
    for field in template.fields:
        for label in field.labels:
            found.setdefault(plain(label), []).append(field.name)
    for table in template.tables:
        for heading in table.headings:
            found.setdefault(plain(heading), []).append(table.name)
    return found


def _joined(text: str) -> str:
    """OCR loses spaces more often than letters."""
    return plain(text).replace(" ", "")


@dataclass(frozen=True, slots=True)
class _Heads:
    """What the columns of a table may be called, each by its longest label first, and all words of that."""

    columns: tuple[tuple[str, ...], ...]
    words: frozenset[str]

    @staticmethod
    def of(table: Table) -> "_Heads":
        columns = tuple(tuple(sorted(map(plain, column.labels), key=len, reverse=True)) for column in table.columns)
        return _Heads(columns, frozenset(word for labels in columns for label in labels for word in label.split()))

    def bear(self, row: str) -> bool:
        """Whether `row` is little but headings of the table's columns."""
        words = row.split()
        most = len(words) / 3  # words that are none
        if len(words) - sum(map(self.words.__contains__, words)) > most:
            return False
        left = f" {row} "
        found = 0
        for labels in self.columns:
            longest = next((label for label in labels if f" {label} " in left), "")
            if longest:
                left = left.replace(f" {longest} ", "  ", 1)
                found += 1
        return found >= min(_COLUMNS_OF_A_HEAD, len(self.columns)) and len(left.split()) <= most


def _called(seen: Evidence, heading: str) -> float:
    """How much a text at the top is the heading: 1 where it is nothing else, less the more words stand beside it."""
    shortest = seen.top.shortest_with(heading) if len(heading) >= _A_WORD else None
    if shortest is not None:
        return 0.5 + 0.5 * len(heading) / len(shortest)
    alike = seen.top.likeness(heading)
    return alike if alike >= _SAME_WORDS else 0.0
