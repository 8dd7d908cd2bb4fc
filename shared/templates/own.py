"""A clinic's own templates: files that are checked before anything follows them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from shared.templates.catalog import template_names
from shared.templates.checks import contradictions
from shared.templates.errors import TemplateFault, TemplateRefused
from shared.templates.glossary import compose, merged
from shared.templates.matching import AUTO
from shared.templates.model import Template
from shared.templates.shape import own_place, shape_faults
from shared.templates.source import Source, Unparsable, parse_json, parse_toml

SUFFIXES: Mapping[str, str] = {".toml": "TOML", ".json": "JSON"}
_LARGEST = 1_000_000  # bytes; the whole glossary has 70 000


@dataclass(frozen=True, slots=True)
class OwnTemplates:
    """What a folder of templates holds: those that can be followed, and why the others cannot."""

    templates: tuple[Template, ...] = ()
    refused: tuple[TemplateRefused, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenTemplate:
    """A template that came another way than as a file: its name, its content, and the suffix of such a file."""

    name: str
    content: bytes
    suffix: str


def load_folder(folder: Path) -> OwnTemplates:
    """The templates in `folder`, in order of file name; none where there is no such folder."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    own = OwnTemplates()
    for path in files:
        try:
            own = _with_one(own, load_template(path), path.name)
        except TemplateRefused as refusal:
            own = replace(own, refused=(*own.refused, refusal))
        except OSError as error:
            fault = TemplateFault(None, None, f"It cannot be opened: {error.strerror}.", "Let Chartdrop read it.")
            own = replace(own, refused=(*own.refused, TemplateRefused(path.name, (fault,))))
    return own


def with_others(own: OwnTemplates, others: Iterable[WrittenTemplate]) -> OwnTemplates:
    """`own`, and those of `others` that can be followed and take no name of those before them."""
    for other in others:
        template, faults = _examined(other.content, other.suffix)
        try:
            if template is None:
                raise TemplateRefused(other.name, faults)
            own = _with_one(own, template, other.name)
        except TemplateRefused as refusal:
            own = replace(own, refused=(*own.refused, refusal))
    return own


def _with_one(own: OwnTemplates, template: Template, place: str) -> OwnTemplates:
    _check_apart(template, own.templates, place)
    return replace(own, templates=(*own.templates, template))


def load_template(path: Path) -> Template:
    """The template in the TOML or JSON file. Raises TemplateRefused, and OSError where it cannot be opened."""
    template, faults = examine(path)
    if template is None:
        raise TemplateRefused(path.name, faults)
    return template


def examine(path: Path) -> tuple[Template | None, tuple[TemplateFault, ...]]:
    """The template, or all that is wrong with it, in the order of the file. Raises OSError."""
    with path.open("rb") as file:
        return examine_content(file.read(_LARGEST + 1), path.suffix)


def examine_content(content: bytes, suffix: str) -> tuple[Template | None, tuple[TemplateFault, ...]]:
    """The same of what a file with a name that ends in `suffix` holds."""
    try:
        source = _parsed(content, suffix.lower())
    except Unparsable as error:
        form = SUFFIXES.get(suffix.lower(), "TOML or JSON")
        remedy = f"Correct it; the rest is looked at once the file is {form}."
        return None, (TemplateFault(error.line, None, f"It cannot be read: {error.reason}.", remedy),)
    faults = shape_faults(source)
    if faults:
        return None, _in_order(faults)
    template = compose(source.document)
    faults = [*_taken_names(template, source), *_contradictions(template, source)]
    return (None, _in_order(faults)) if faults else (template, ())


@lru_cache(256)  # a version never changes, and is asked for before each document
def _examined(content: bytes, suffix: str) -> tuple[Template | None, tuple[TemplateFault, ...]]:
    return examine_content(content, suffix)


def _parsed(content: bytes, suffix: str) -> Source:
    parse = {".toml": parse_toml, ".json": parse_json}.get(suffix)
    if parse is None:
        raise Unparsable("its name ends neither in .toml nor in .json", None)
    if len(content) > _LARGEST:
        raise Unparsable("it is larger than 1 MB", None)
    try:
        return parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unparsable("it is not in UTF-8", content.count(b"\n", 0, error.start) + 1) from None
    except RecursionError:
        raise Unparsable("it is nested too deeply", None) from None


def _taken_names(template: Template, source: Source) -> list[TemplateFault]:
    taken = {*template_names(), AUTO}
    remedy = "Choose another name."
    return [
        TemplateFault(source.line_of((key,)), None, f"'{name}' is a template that comes with Chartdrop.", remedy)
        for key, name in _names(template)
        if name in taken
    ]


def _check_apart(template: Template, others: Iterable[Template], place: str) -> None:
    for name in names_in_common(template, others):
        fault = TemplateFault(None, None, f"Another file has a template called '{name}'.", "Choose another name.")
        raise TemplateRefused(place, (fault,))


def names_in_common(template: Template, others: Iterable[Template]) -> list[str]:
    """The names of `template`, short ones included, that one of `others` has too."""
    taken = {name for other in others for _, name in _names(other)}
    return [name for _, name in _names(template) if name in taken]


def _names(template: Template) -> Iterator[tuple[str, str]]:
    """With the key under which each stands."""
    yield "name", template.name
    yield from (("short_names", name) for name in template.short_names)


def _contradictions(template: Template, source: Source) -> list[TemplateFault]:
    together = merged(source.document)
    found = [(own_place(one.place, together, source.document), one) for one in contradictions(template)]
    return [TemplateFault(source.line_of(place), one.field, one.reason, one.remedy) for place, one in found]


def _in_order(faults: list[TemplateFault]) -> tuple[TemplateFault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))
