"""What is wrong with the form of a template's file: keys, types, names, kinds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from shared.templates.errors import TemplateFault
from shared.templates.glossary import glossary, merged
from shared.templates.model import Choice, Column, Constraints, DateOrder, Field, Kind, Table, Template
from shared.templates.source import Place, Source

_LIKE = 70  # of 100: a word so like another may be meant for it
_KEYS: Mapping[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "": (Template, ("use",)),
    "fields": (Field, ("more_labels",)),
    "tables": (Table, ()),
    "columns": (Column, ("more_labels",)),
    "choices": (Choice, ()),
    "schema": (Constraints, ()),
}
"""Which keys the parts of a file have: those of the model and those that only the file has."""

_REASONS = {
    "missing": ("'{key}' is missing.", "Add it."),
    "enum": ("There is no {what} '{value}'.", "{nearest}"),
    "extra_forbidden": ("There is no key '{key}' here.", "{nearest}"),
    "string_pattern_mismatch": ("'{value}' is no name.", "Use small letters, digits and _, a letter first."),
    "greater_than_equal": ("{value} is too low.", "It is at least {ge}."),
    "less_than_equal": ("{value} is too high.", "It is at most {le}."),
    "too_short": ("'{key}' is empty.", "Say at least one."),
    "string_too_short": ("'{key}' has an empty text.", "Write it or leave it out."),
    "string_too_long": ("'{key}' has a text of more than {max_length} characters.", "Shorten it."),
}


def shape_faults(source: Source) -> list[TemplateFault]:
    """What keeps the file from being a template, in the order of the model."""
    if loose := list(_loose_parts(source)) or list(_unknown_uses(source)):
        return loose
    together = merged(source.document)
    try:
        Template.model_validate(together, strict=False)
    except ValidationError as error:
        return [_fault(details, together, source) for details in error.errors()]
    return []


def own_place(place: Sequence[str | int], together: Mapping[str, Any], document: Mapping[str, Any]) -> Place:
    """Where in the file that stands which stands at `place` in what the glossary and the file make together."""
    part: Any = together
    own: Any = document
    found: Place = ()
    for step in place:
        part = _step(part, step)
        there = _step_in_file(step, part, own)
        if there is None:
            return ("use",) if "use" in document else found
        own = _step(own, there)
        found = (*found, there)
    return found


def _step_in_file(step: str | int, part: Any, own: Any) -> str | int | None:
    """What leads from `own` to that which is `part` in the whole; None where the glossary alone has it."""
    if isinstance(step, str) or not isinstance(part, Mapping) or "name" not in part:
        return step
    numbers = [number for number, item in enumerate(own or ()) if _step(item, "name") == part["name"]]
    return numbers[-1] if numbers else None


def nearest(word: str, words: Sequence[str]) -> str:
    """What to do about `word`, which is none of `words`."""
    like = process.extractOne(word.lower(), words, score_cutoff=_LIKE)
    return f"Did you mean '{like[0]}'?" if like else f"There are: {', '.join(words)}."


def _loose_parts(source: Source) -> Iterator[TemplateFault]:
    """Parts that cannot even be looked at: no lists of tables with names."""
    document = source.document
    used = document.get("use", [])
    if not isinstance(used, list) or not all(isinstance(name, str) for name in used):
        remedy = 'Write use = ["patient_name"].'
        yield TemplateFault(source.line_of(("use",)), None, "'use' is no list of names.", remedy)
    for key in ("fields", "tables"):
        yield from _loose_entries(source, (key,), document.get(key, []))
    tables = document.get("tables", [])
    for number, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict):
            yield from _loose_entries(source, ("tables", number, "columns"), table.get("columns", []))


def _loose_entries(source: Source, place: Place, entries: object) -> Iterator[TemplateFault]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        reason = f"'{place[-1]}' is no list of tables."
        yield TemplateFault(source.line_of(place), None, reason, f"Begin each with [[{place[-1]}]].")
        return
    names: set[str] = set()
    for number, entry in enumerate(entries):
        line, name = source.line_of((*place, number)), entry.get("name")
        if not isinstance(name, str):
            yield TemplateFault(line, None, "'name' is missing or no text.", "Give it a name.")
        elif name in names:
            line = source.line_of((*place, number, "name"))
            remedy = "Give one of them another name or take it out."
            yield TemplateFault(line, name, f"'{name}' is there twice.", remedy)
        else:
            names.add(name)
        labels = [entry.get(key, []) for key in ("labels", "more_labels")]
        if not all(isinstance(label, list) for label in labels):
            yield TemplateFault(line, str(name), "The labels are no list.", 'Write labels = ["one", "another"].')


def _unknown_uses(source: Source) -> Iterator[TemplateFault]:
    line, known, used = source.line_of(("use",)), glossary(), source.document.get("use", [])
    own = {entry["name"] for key in ("fields", "tables") for entry in source.document.get(key, [])}
    words = [*known["fields"], *known["tables"]]
    for number, name in enumerate(used):
        if name in used[:number]:
            yield TemplateFault(line, name, f"'{name}' is used twice.", "Take one of them out.")
        elif name not in {*words, *own}:
            yield TemplateFault(line, name, f"The glossary has no '{name}'.", _meant_or_define(name, words))


def _meant_or_define(name: str, words: Sequence[str]) -> str:
    like = process.extractOne(name, words, score_cutoff=_LIKE)
    return f"Did you mean '{like[0]}'?" if like else "Define it under [[fields]] or [[tables]]."


def _fault(details: ErrorDetails, together: Mapping[str, Any], source: Source) -> TemplateFault:
    place = own_place(details["loc"], together, source.document)
    key = next((str(step) for step in reversed(details["loc"]) if isinstance(step, str)), "")
    value, context = details.get("input"), details.get("ctx", {})
    reason, remedy = _REASONS.get(details["type"], (f"'{key}': {details['msg']}.", "Correct it."))
    what = "order of dates" if key == "dates" else key
    said = {"key": key, "value": value, "what": what, "nearest": _nearest(details, value), **context}
    subject = _subject(details["loc"], together)
    return TemplateFault(source.line_of(place), subject, reason.format(**said), remedy.format(**said))


def _nearest(details: ErrorDetails, value: object) -> str:
    if details["type"] == "enum":
        return nearest(str(value), [str(one) for one in (DateOrder if "dates" in details["loc"] else Kind)])
    if details["type"] != "extra_forbidden":
        return ""
    *around, key = [step for step in details["loc"] if isinstance(step, str)]
    model, only_in_files = _KEYS.get(around[-1] if around else "", (Template, ()))
    names = [field.alias or name for name, field in model.model_fields.items()]
    return nearest(key, [*names, *only_in_files])


def _subject(place: Sequence[str | int], together: Mapping[str, Any]) -> str | None:
    """The field, or the table and column, that `place` is in."""
    part: Any = together
    names = []
    for step in place:
        part = _step(part, step)
        if isinstance(step, int) and isinstance(part, Mapping) and isinstance(part.get("name"), str):
            names.append(part["name"])
    return ".".join(names) or None


def _step(part: Any, step: str | int) -> Any:
    if isinstance(part, Mapping) and isinstance(step, str):
        return part.get(step)
    if isinstance(part, list) and isinstance(step, int) and step < len(part):
        return part[step]
    return None
