"""Which values a person has to look at."""

from collections.abc import Mapping

from shared.documents import FieldValue
from shared.templates.model import Column, Field, Kind
from shared.templates.schema import allows

USUAL = 0.85
"""Confidence below which a value is looked at, where its kind says nothing else."""

REVIEW_BELOW: Mapping[Kind, float] = {
    # A mistake here looks like any other right value: nothing but the letters themselves shows it.
    Kind.IDENTIFIER: 0.9,
    Kind.LAST_FOUR: 0.9,
    Kind.QUANTITY: 0.9,
    Kind.DOSE: 0.9,
    Kind.MONEY: 0.9,
    # A check digit, an alphabet or a table of codes stands behind these.
    Kind.NPI: 0.8,
    Kind.MEDICARE: 0.8,
    Kind.ICD10: 0.8,
}
"""The confidence below which a value is looked at, by kind; a template may say another for a field."""


def review_below(field: Field | Column) -> float:
    """The confidence below which a person looks at values of `field`."""
    return REVIEW_BELOW.get(field.kind, USUAL) if field.review_below is None else field.review_below


def needs_review(field: Field | Column, value: FieldValue | None) -> bool:
    """Whether `value` is ambiguous (which it says itself), doubtful, or not allowed.

    Nothing where the page asks is no doubt by itself.
    """
    if value is None:
        return False
    return value.needs_review or value.confidence < review_below(field) or not allows(field, value.value)
