"""Which steps of reading can be left out: the settings say so themselves.

A step that can be switched is a field of the reading settings, or of a dataclass among them, that is True by default.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

S = TypeVar("S")


def switchable(settings: Any) -> Iterator[str]:
    """The steps that `settings` (a dataclass) has switched on, by the path of their field: "preprocess.deskew"."""
    for field in fields(settings):
        value = getattr(settings, field.name)
        if value is True:
            yield field.name
        elif is_dataclass(value):
            yield from (f"{field.name}.{step}" for step in switchable(value))


def without(settings: S, step: str) -> S:
    """`settings` with `step` switched off. Raises AttributeError for a step that is none."""
    name, _, inner = step.partition(".")
    value = getattr(settings, name)
    changed: dict[str, Any] = {name: without(value, inner) if inner else False}
    return replace(settings, **changed)  # type: ignore[type-var]  # every settings object is a dataclass
