"""Questions that are answered by a tick: which boxes are ticked, and what that says."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from shared.documents import box_polygon, union
from shared.reading.extraction.boxes import TICKED_FROM, Shape
from shared.reading.extraction.confidence import Evidence, Finding, Origin, finding
from shared.reading.extraction.context import FieldAnchor
from shared.reading.extraction.kinds import STRONG, normalise
from shared.reading.extraction.layout import same_row
from shared.reading.extraction.neighbours import Surroundings
from shared.reading.extraction.normalised import Normalised
from shared.reading.extraction.options import Option, fits, groups_of, options_of, places
from shared.reading.extraction.printed import printed_options, split_options
from shared.reading.extraction.rows import inside_words
from shared.templates import Field, Kind

_EMPTY_UP_TO = 0.035  # of a box's inside, more than in the emptiest of its group, is ink and nobody ticked it
_GROUP_NOISE = 0.12  # ink that the emptiest box of a group may have and be empty
_UNCLEAR = 0.35  # plausibility of what may have been ticked, or not
_OUTSHINES = 3.0  # a mark with so many times the ink of the next is the answer, that one an accident
_NOT_SEEN = 0.85  # plausibility of an answer whose box a mark hides
_ACCIDENT = 0.6  # plausibility of an answer beside such an accident


class Tick(StrEnum):
    """What a box shows."""

    EMPTY = "empty"
    UNCLEAR = "unclear"
    TICKED = "ticked"


def ticked_values(anchors: Sequence[FieldAnchor], around: Surroundings) -> tuple[dict[str, Finding], set[int]]:
    """What was ticked or circled, by field, and the labels (by id) that are answered so: those have no other value."""
    values: dict[str, Finding] = {}
    answered: set[int] = set()
    for item in anchors:
        if item.field.kind in STRONG or item.field.kind is Kind.PRESENCE:
            continue
        if inside_words(item.anchor, around):
            if _ends_option(item, around) or any(same_row(box.box, item.anchor.box) for box in places(around)):
                answered.add(id(item.anchor))
            continue
        options = options_of(item, around)
        if _answers(options, item.field):
            answered.add(id(item.anchor))
            value = ticked_value(item.field, options, around)
        else:
            printed, value = printed_options(item, around)
            if printed or _are_boxes(options):
                answered.add(id(item.anchor))
        if value is not None and (
            item.field.name not in values or value.confidence > values[item.field.name].confidence
        ):
            values[item.field.name] = value
    return values, answered


def _ends_option(item: FieldAnchor, around: Surroundings) -> bool:
    """Whether the label is the end of one of the field's choices: the "code" of "Full code"."""
    first = item.anchor.tokens[0]
    row = [
        token for token in around.layout.tokens if same_row(token.box, first.box) and token.box.left < first.box.left
    ]
    before = max(row, key=lambda token: token.box.left, default=None)
    return before is not None and bool(split_options([before, first], item.field))


def _are_boxes(options: Sequence[Option]) -> bool:
    """Whether these are certainly boxes, whatever they ask."""
    return sum(option.checkbox.shape is Shape.SQUARE for option in options) > 1


def _answers(options: Sequence[Option], field: Field) -> bool:
    """Whether these are options: shapes that print has too are boxes only before words that the field takes."""
    if not options:
        return False
    if any(option.checkbox.shape is Shape.SQUARE for option in options) and not field.choices:
        return True
    fitting = [option for option in options if fits(option, field)]
    needed = 1 if all(option.checkbox.shape is Shape.SQUARE for option in options) else 2
    return len(fitting) >= min(needed, len(options)) and len(fitting) * 2 >= len(options)


def ticks_of(options: Sequence[Option]) -> tuple[Tick, ...]:
    """What each box shows, compared with the emptiest of its group: print and noise are alike in all of them."""
    filled = [option.checkbox.filled for option in options]
    least = min(filled)
    noise = least if len(filled) > 1 and least < _GROUP_NOISE else 0.0
    return tuple(_tick(share - noise) for share in filled)


def _tick(level: float) -> Tick:
    if level >= TICKED_FROM:
        return Tick.TICKED
    return Tick.UNCLEAR if level > _EMPTY_UP_TO else Tick.EMPTY


def ticked_value(field: Field, options: Sequence[Option], around: Surroundings) -> Finding | None:
    """What the ticked options say; None where none is ticked, or several are of which only one can be true."""
    ticks = ticks_of(options)
    ticked = [option for option, tick in zip(options, ticks, strict=True) if tick is Tick.TICKED]
    unclear = [option for option, tick in zip(options, ticks, strict=True) if tick is Tick.UNCLEAR]
    if not ticked:
        return _finding(field, unclear, around, _UNCLEAR) if len(unclear) == 1 else None
    if len(ticked) == 1:
        return _finding(field, ticked, around, 1.0 if not unclear else _ACCIDENT)
    if field.kind in (Kind.LIST, Kind.TEXT) and not field.choices:
        return _finding(field, ticked, around, 1.0)
    ordered = sorted(ticked, key=lambda option: -option.checkbox.filled)
    if ordered[0].checkbox.filled >= _OUTSHINES * ordered[1].checkbox.filled:
        return _finding(field, ordered[:1], around, _ACCIDENT)
    return None


def _finding(field: Field, options: Sequence[Option], around: Surroundings, sure: float) -> Finding | None:
    fitting = fits(options[0], field) if len(options) == 1 and field.choices else None
    text, found = fitting or _in_words(field, options)
    if found is None:
        return None
    words = [token.confidence for option in options for token in option.tokens]
    place = union(option.box for option in options)
    sure *= 1.0 if all(option.seen for option in options) else _NOT_SEEN
    evidence = Evidence(Origin.TICK, min(words), found.plausibility * sure)
    return finding(found, text, around.layout.number, box_polygon(place), evidence)


def _in_words(field: Field, options: Sequence[Option]) -> tuple[str, Normalised | None]:
    """What the options say where they are none of the field's choices: a text, or a list."""
    text = ", ".join(option.texts[-1] for option in options)
    match field.kind:
        case Kind.CHOICE:
            return text, normalise(text, Kind.CHOICE, field.choices)
        case Kind.LIST:
            return text, normalise(text, Kind.LIST)
        case _:
            return text, normalise(text, Kind.TEXT)


def unasked_values(fields: Iterable[Field], found: dict[str, Finding], around: Surroundings) -> dict[str, Finding]:
    """Choices ticked under no label that was read: boxes one after the other whose words are one field's choices."""
    groups = groups_of(around)
    values: dict[str, Finding] = {}
    asked = [field for field in fields if field.kind is Kind.CHOICE and field.name not in found]
    for group in groups:
        owners = [field for field in asked if _are_choices(group, field)]
        if len(owners) == 1 and (value := ticked_value(owners[0], group, around)) is not None:
            name = owners[0].name
            values[name] = value if name not in values else _doubted(value)
    return values


def _doubted(value: Finding) -> Finding:
    evidence = replace(value.evidence, plausibility=value.evidence.plausibility * _UNCLEAR)
    return replace(value, confidence=round(evidence.strength, 3), evidence=evidence)


def _are_choices(group: Sequence[Option], field: Field) -> bool:
    """Whether the options are choices that only this field has, "Yes" and "No" being no such."""
    if any(isinstance(choice.value, bool) or choice.value in ("Yes", "No") for choice in field.choices):
        return False
    found = [fits(option, field) for option in group]
    return all(found) and len({one[1].value for one in found if one}) >= 2
