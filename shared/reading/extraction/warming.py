"""What extraction otherwise loads when it first needs it, loaded beforehand."""

from shared.reading.extraction.anchors import phrasebook_of
from shared.reading.extraction.kinds import normalise
from shared.templates import AUTO, Kind, Template, choose_template, load_builtin
from shared.templates.schema import allows

_LOADING = (
    (Kind.PERSON, "Anna B. Lee, MD"),
    (Kind.ADDRESS, "12 Main St, Troy, NY 12180"),
    (Kind.PHONE, "(518) 555-0100"),
    (Kind.ICD10, "I10"),
)


def warm_up(own: tuple[Template, ...] = ()) -> None:
    """The first page is understood as fast as any other: a quarter of a second is spent here and not there."""
    choose_template(AUTO, [], own)
    for template in (*load_builtin(), *own):
        phrasebook_of(template)
        for field in template.fields:
            allows(field, "")
    for kind, example in _LOADING:
        normalise(example, kind)
