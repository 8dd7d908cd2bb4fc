"""What is wrong with what a template says: contradictions, labels that mean two things, patterns that cannot run."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from shared.templates.model import Choice, Column, Field, Kind, Template
from shared.templates.patterns import PatternRefused, compiled
from shared.templates.phrases import plain
from shared.templates.schema import validator, value_schema
from shared.templates.source import Place

_WITH_CHOICES = frozenset({Kind.CHOICE, Kind.TEXT})
_APPLIES = {  # JSON's types to which a constraint applies
    "pattern": {"string"},
    "minLength": {"string"},
    "maxLength": {"string"},
    "minItems": {"array"},
    "maxItems": {"array"},
}
_PAIRS = (("minLength", "maxLength"), ("minItems", "maxItems"))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something that a well-formed template cannot mean; `place` is in the template, `field` by name."""

    place: Place
    field: str
    reason: str
    remedy: str


def contradictions(template: Template) -> Iterator[Contradiction]:
    """All there are, in the order of the template's fields and tables."""
    for number, field in enumerate(template.fields):
        place: Place = ("fields", number)
        yield from _of_choices(field, place)
        yield from _of_schema(field, place, field.name)
        yield from _of_placing(field, place, template)
    for number, table in enumerate(template.tables):
        for at, column in enumerate(table.columns):
            place = ("tables", number, "columns", at)
            yield from _of_schema(column, place, f"{table.name}.{column.name}")
    yield from _shared_labels(template)


def _of_choices(field: Field, place: Place) -> Iterator[Contradiction]:
    place = (*place, "choices")
    if field.kind is Kind.CHOICE and not field.choices:
        yield Contradiction(place[:-1], field.name, "It is a choice without choices.", "Say them under 'choices'.")
    if field.choices and field.kind not in _WITH_CHOICES:
        reason = f"A value of kind '{field.kind}' is not chosen among others."
        yield Contradiction(place, field.name, reason, "Take the choices out, or make the kind 'choice' or 'text'.")
    printed: dict[str, Choice] = {}
    for choice in field.choices:
        for words in map(plain, choice.printed):
            if printed.setdefault(words, choice) is not choice:
                reason = f"'{words}' means both '{printed[words].value}' and '{choice.value}'."
                yield Contradiction(place, field.name, reason, "Let it stand under one of them.")


def _of_schema(field: Field | Column, place: Place, name: str) -> Iterator[Contradiction]:
    own = field.constraints.as_schema() if field.constraints else {}
    kinds = value_schema(field.model_copy(update={"constraints": None}))
    type_ = kinds.get("type", "string")
    for key in own.keys() & _APPLIES.keys():
        if type_ not in _APPLIES[key]:
            reason = f"'{key}' says nothing about a value of kind '{field.kind}'."
            yield Contradiction((*place, "schema", key), name, reason, "Take it out, or choose another kind.")
    for low, high in _PAIRS:
        if low in own and high in own and own[low] > own[high]:
            yield Contradiction(
                (*place, "schema", low), name, f"'{low}' is more than '{high}'.", "Nothing could hold: change one."
            )
    allowed = validator(kinds)
    for value in own.get("enum", ()):
        if not allowed.is_valid(value):
            reason = f"{value!r} in 'enum' is no value of kind '{field.kind}'."
            yield Contradiction((*place, "schema", "enum"), name, reason, "Write it as the kind does, or take it out.")
    if "pattern" in own:
        try:
            compiled(own["pattern"])
        except PatternRefused as error:
            reason = f"The pattern cannot run in linear time, or is no pattern: {error}."
            remedy = "Write it in RE2's syntax, without (?= or \\1."
            yield Contradiction((*place, "schema", "pattern"), name, reason, remedy)


def _of_placing(field: Field, place: Place, template: Template) -> Iterator[Contradiction]:
    others = {other.name for other in template.fields} - {field.name}
    if field.inside is not None and field.inside not in others:
        reason = f"It stands inside '{field.inside}', which is no other field of this template."
        yield Contradiction((*place, "inside"), field.name, reason, "Name a field that is, or take 'inside' out.")
    if field.section_labels and not field.sections and not field.letterhead:
        reason = "It has section labels and no section that they stand in."
        yield Contradiction((*place, "section_labels"), field.name, reason, "Say the headings under 'sections'.")
    tables = {table.name for table in template.tables}
    if not (field.labels or field.section_labels or field.letterhead) and field.name not in tables:
        remedy = "Say under 'labels' what forms print."
        yield Contradiction(place, field.name, "It has no label to be found by.", remedy)
    for key in ("labels", "section_labels", "sections"):
        for phrase in getattr(field, key):
            if not plain(phrase):
                reason = f"'{phrase}' has no letter and no digit."
                yield Contradiction((*place, key), field.name, reason, "Write what the form prints.")


def _shared_labels(template: Template) -> Iterator[Contradiction]:
    """Labels that mean two fields, with nothing to part them."""
    bearers: defaultdict[tuple[str, str], list[tuple[int, Field]]] = defaultdict(list)
    for number, field in enumerate(template.fields):
        for label in {plain(label) for label in field.labels}:
            bearers[label, ""].append((number, field))
        for label in {plain(label) for label in field.section_labels}:
            for section in {plain(section) for section in field.sections}:
                bearers[label, section].append((number, field))
    for (label, section), found in bearers.items():
        if label and len(found) > 1:
            number, field = found[-1]
            under = f" under '{section}'" if section else ""
            reason = f"The label '{label}'{under} means '{found[0][1].name}', too."
            remedy = "Leave it to one of them, or make it a section label of each, under headings that differ."
            key = "section_labels" if section else "labels"
            yield Contradiction(("fields", number, key), field.name, reason, remedy)
