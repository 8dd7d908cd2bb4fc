"""JSON Schema (2020-12) of the record that a template asks for."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from shared.documents import Cell, Row, Value
from shared.templates.model import Column, Field, Kind, Template
from shared.templates.patterns import found

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Schema = {"type": "string", "minLength": 1}
_DAY = r"\d{4}-\d{2}-\d{2}"


def _texts(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


_KINDS: Mapping[Kind, Schema] = {
    Kind.DATE: _texts(_DAY),
    Kind.BIRTH_DATE: _texts(_DAY),
    Kind.DATE_RANGE: _texts(f"{_DAY}/{_DAY}"),
    Kind.PHONE: _texts(r"\+\d{4,15}"),
    Kind.AGE: _texts(r"\d{1,3}"),
    Kind.LAST_FOUR: _texts(r"\d{4}"),
    Kind.NPI: _texts(r"\d{10}"),
    Kind.MONEY: _texts(r"\d+\.\d{2}"),
    Kind.PERCENT: _texts(r"\d[\d.]*(-\d[\d.]*)?%"),
    Kind.COUNT: _texts(r"\d+"),
    Kind.LIST: {"type": "array", "items": _TEXT},
    Kind.ICD10_LIST: {"type": "array", "items": _TEXT},
    Kind.PRESENCE: {"type": "boolean"},
}
"""What every value of a kind is; the others are text."""


def value_schema(field: Field | Column) -> Schema:
    """Of the field's values, where there is one."""
    schema = dict(_KINDS.get(field.kind, _TEXT))
    if isinstance(field, Field) and field.kind is Kind.CHOICE:
        schema = {"enum": [choice.value for choice in field.choices]}
    own = field.constraints.as_schema() if field.constraints else {}
    # What the template says comes on top of what the kind says, never instead of it.
    return {**schema, "allOf": [own]} if own.keys() & schema.keys() else {**schema, **own}


def record_schema(template: Template) -> Schema:
    """Of `record_values`: every field is there, null where nothing was found."""
    return {
        "$schema": _DIALECT,
        "$id": f"urn:chartdrop:template:{template.name}:{template.version}",
        "title": template.title,
        **_object(
            {
                "fields": _object({field.name: _or_null(field) for field in template.fields}),
                "tables": _object(
                    {
                        table.name: {
                            "title": table.title,
                            "type": "array",
                            "items": _object(
                                {column.name: _or_null(column) for column in table.columns},
                                optional={column.name for column in table.columns if column.optional},
                            ),
                        }
                        for table in template.tables
                    }
                ),
            }
        ),
    }


def record_values(fields: Mapping[str, Cell], tables: Mapping[str, tuple[Row, ...]]) -> dict[str, Any]:
    """A reading's record without where its values stand and how sure they are, as JSON has it."""
    return {
        "fields": {name: _plain(cell) for name, cell in fields.items()},
        "tables": {
            name: [{column: _plain(cell) for column, cell in row.items()} for row in rows]
            for name, rows in tables.items()
        },
    }


def validator(schema: Schema) -> "Draft202012Validator":
    """A validator that runs patterns in linear time."""
    return _validator_class()(schema)


def allows(field: Field | Column, value: Value) -> bool:
    """Whether `value` is one of the field's kind that its template lets it have."""
    return value_schema(field) == _TEXT or bool(_value_validator(field).is_valid(_as_json(value)))


@lru_cache(1024)
def _value_validator(field: Field | Column) -> "Draft202012Validator":
    return validator(value_schema(field))


@cache
def _validator_class() -> "type[Draft202012Validator]":
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def check_pattern(_: object, pattern: str, instance: object, __: object) -> "Iterator[ValidationError]":
        if isinstance(instance, str) and not found(pattern, instance):
            yield ValidationError(f"{instance!r} does not match {pattern!r}")

    extended: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"pattern": check_pattern}
    )
    return extended


def _object(properties: Mapping[str, Schema], *, optional: Collection[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _or_null(field: Field | Column) -> Schema:
    return {"title": field.title, "anyOf": [value_schema(field), {"type": "null"}]}


def _plain(cell: Cell) -> Any:
    return None if cell is None else _as_json(cell.value)


def _as_json(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value
