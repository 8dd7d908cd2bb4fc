"""A template from its file, which takes fields by name from the glossary that all templates share."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from shared.templates.model import Field, Table, Template
from shared.templates.phrases import plain

Document = Mapping[str, Any]
"""A template's file, parsed and not checked."""

_ADDING = "more_labels"  # beside the labels that the glossary has


@cache
def glossary() -> Document:
    """The fields and tables that templates take by name, labels that no field has, and labels that tell nothing."""
    document = tomllib.loads((files("shared.templates") / "glossary.toml").read_text("utf-8"))
    return {
        "fields": {field["name"]: field for field in document["fields"]},
        "tables": {table["name"]: table for table in document["tables"]},
        "other_labels": document["other_labels"],
        "everyday_labels": document["everyday_labels"],
    }


def compose(document: Document) -> Template:
    """The template that `document` says. Raises pydantic.ValidationError, its places those of `merged`."""
    # TOML knows arrays, the model tuples: not strict takes the one for the other; kinds are words in the file.
    template = Template.model_validate(merged(document), strict=False)
    return template.model_copy(update={"other_labels": _other_labels(template)})


def merged(document: Document) -> dict[str, Any]:
    """`document` with what it uses of the glossary in the place of the names."""
    names, known = document.get("use", ()), glossary()
    fields = _taken(names, document.get("fields", ()), known["fields"])
    return {
        **{key: value for key, value in document.items() if key != "use"},
        "fields": [_placed(field, fields, known["fields"].get(field.get("name"), {})) for field in fields],
        "tables": [
            {**table, "columns": _columns(table, known["tables"].get(table.get("name"), {}))}
            for table in _taken(names, document.get("tables", ()), known["tables"])
        ],
    }


def _taken(names: Sequence[str], own: Sequence[Document], known: Mapping[str, Document]) -> list[Document]:
    """The named ones in the order of `names`, what `own` says of them laid over, then the rest of `own`."""
    by_name = {item.get("name"): item for item in own}
    used = [_laid_over(known.get(name, {}), by_name.get(name, {})) for name in names if name in {*known, *by_name}]
    return used + [_laid_over({}, item) for item in own if item.get("name") not in names]


def _laid_over(base: Document, own: Document) -> Document:
    together = {**base, **own}
    more = together.pop(_ADDING, ())
    return {**together, "labels": [*together.get("labels", ()), *more]} if more else together


def _placed(field: Document, fields: Sequence[Document], base: Document) -> Document:
    """`field` without the glossary's word on where else it stands, if the template has no such place."""
    host = field.get("inside")
    lost = host is not None and host == base.get("inside") and host not in {other.get("name") for other in fields}
    return {key: value for key, value in field.items() if not (lost and key == "inside")}


def _columns(table: Document, base: Document) -> list[Document]:
    known = {column["name"]: column for column in base.get("columns", ())}
    return [_laid_over(known.get(column.get("name"), {}), column) for column in table.get("columns", ())]


def _other_labels(template: Template) -> tuple[str, ...]:
    """The template's own and all that the glossary knows, but for those that mean something in the template."""
    taken = {plain(phrase) for phrase in _phrases(template)}
    known = glossary()
    general = chain(
        template.other_labels,
        known["other_labels"],
        *(field.get("labels", ()) for field in known["fields"].values()),
        *(table.get("headings", ()) for table in known["tables"].values()),
    )
    by_print = {plain(label): label for label in general}
    return tuple(label for printed, label in by_print.items() if printed not in taken)


def _phrases(template: Template) -> Iterable[str]:
    fields: Sequence[Field] = template.fields
    tables: Sequence[Table] = template.tables
    for field in fields:
        yield from (*field.labels, *field.section_labels, *field.sections)
    for table in tables:
        yield from table.headings
        yield from chain.from_iterable(column.labels for column in table.columns)
