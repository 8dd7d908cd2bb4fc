"""The record's JSON Schema, and what a value must be."""

import time
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from shared.documents import FieldValue
from shared.templates import Constraints, Field, Kind, Template, load_builtin
from shared.templates.patterns import PatternRefused, compiled, found
from shared.templates.review import needs_review, review_below
from shared.templates.schema import record_schema, validator, value_schema

PLACE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def value(content: str, confidence: float = 0.99) -> FieldValue:
    return FieldValue(content, content, confidence, 1, PLACE)


@pytest.mark.parametrize("template", load_builtin(), ids=lambda template: template.name)
def test_every_templates_schema_is_json_schema_and_takes_a_blank_form(template: Template) -> None:
    schema = record_schema(template)
    fields = {field.name: None for field in template.fields}
    tables: dict[str, list[object]] = {table.name: [] for table in template.tables}

    Draft202012Validator.check_schema(schema)
    assert validator(schema).is_valid({"fields": fields, "tables": tables})
    assert not validator(schema).is_valid({"fields": {**fields, "colour": "red"}, "tables": tables})


def test_the_template_narrows_what_the_kind_allows() -> None:
    field = Field(name="ward", title="Ward", kind=Kind.DATE, schema=Constraints(pattern="^2026"))
    check = validator(value_schema(field))

    assert check.is_valid("2026-01-31")
    assert not check.is_valid("2025-01-31")
    assert not check.is_valid("2026, in winter")


def test_a_pattern_that_runs_away_elsewhere_ends_at_once() -> None:
    started = time.process_time()

    assert not found("^(a+)+$", "a" * 50_000 + "!")
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=a)", "(", "a{1000}{1000}"])
def test_a_pattern_that_cannot_run_in_linear_time_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        compiled(pattern)


def test_a_value_below_its_kinds_confidence_is_looked_at() -> None:
    field = Field(name="mrn", title="MRN", kind=Kind.IDENTIFIER)

    assert needs_review(field, value("A1", review_below(field) - 0.01))
    assert not needs_review(field, value("A1", review_below(field)))


def test_a_template_sets_its_own_confidence_for_a_field() -> None:
    field = Field(name="mrn", title="MRN", kind=Kind.IDENTIFIER, review_below=1.0)

    assert needs_review(field, value("A1", 0.999))


def test_a_value_that_the_template_does_not_allow_is_looked_at_however_sure_it_is() -> None:
    field = Field(name="mrn", title="MRN", kind=Kind.IDENTIFIER, schema=Constraints(pattern="^M[0-9]{6}$"))

    assert needs_review(field, value("M12345", 1.0))
    assert not needs_review(field, value("M123456", 1.0))


def test_a_value_that_its_kind_cannot_have_is_looked_at_however_sure_it_is() -> None:
    assert needs_review(Field(name="npi", title="NPI", kind=Kind.NPI), value("12345", 1.0))


def test_a_value_that_may_as_well_be_another_is_looked_at_however_sure_it_is() -> None:
    field = Field(name="mrn", title="MRN", kind=Kind.IDENTIFIER)

    assert needs_review(field, replace(value("A1", 1.0), needs_review=True))


def test_nothing_where_the_page_asks_is_no_doubt() -> None:
    assert not needs_review(Field(name="mrn", title="MRN", kind=Kind.IDENTIFIER), None)
