"""Templates by name: those that come with the product, and a clinic's own."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from rapidfuzz import process

from shared.templates.errors import TemplateUnknown
from shared.templates.glossary import compose
from shared.templates.model import Template

GENERIC = "generic_form"
"""The template for documents of no kind that is known: whatever labels and values there are."""


@cache
def load_builtin() -> tuple[Template, ...]:
    """All templates that come with the product, in order of name."""
    folder = files("shared.templates") / "builtin"
    sources = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return tuple(compose(tomllib.loads(item.read_text("utf-8"))) for item in sources)


def template_names(own: Sequence[Template] = ()) -> tuple[str, ...]:
    """The names that `template_named` knows, short ones included."""
    return tuple(name for template in (*load_builtin(), *own) for name in (template.name, *template.short_names))


def template_named(name: str, own: Sequence[Template] = ()) -> Template:
    """The template called `name`, of the product's or of `own`. Raises TemplateUnknown, which suggests the nearest."""
    for template in (*load_builtin(), *own):
        if name in (template.name, *template.short_names):
            return template
    nearest = process.extractOne(name.lower(), template_names(own))
    suggestion = f" Did you mean '{nearest[0]}'?" if nearest else ""
    raise TemplateUnknown(f"There is no template called '{name}'.{suggestion} Or use 'auto'.")
