"""How one document prints what it says: typefaces, cases, and the forms of dates, names, numbers and phones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.fonts import Face
from tests.quality.extraction.generator.sheet import BLACK, BLUE, Colour

_DATES = (
    *("%m/%d/%Y", "%m/%d/%Y", "%m/%d/%y", "%-m/%-d/%Y", "%-m/%-d/%y", "%m-%d-%Y", "%m.%d.%Y"),
    *("%d-%b-%Y", "%b %-d, %Y", "%B %-d, %Y", "%Y-%m-%d"),
)
_PHONES = (
    *("({0}) {1}-{2}", "({0}) {1}-{2}", "({0}){1}-{2}", "{0}-{1}-{2}", "{0}.{1}.{2}"),
    *("{0} {1} {2}", "{0}/{1}-{2}", "1-{0}-{1}-{2}", "{0}{1}{2}"),
)
_NAMES = ("First M. Last", "First M. Last", "Last, First M.", "LAST, FIRST M", "Last, First M", "FIRST M LAST")
_BOX_SHAPES = ("square", "square", "round", "brackets", "parentheses", "underscore", "words")
_TICKS = ("cross", "tick", "filled", "cross", "stroke", "circled")
_INKS: Sequence[Colour] = (BLACK, BLACK, BLUE, (40, 40, 45), (20, 20, 90))


@dataclass(frozen=True, slots=True)
class Style:
    """One document's hand. `size` is the type's size in points; `hand`: values are written in a handwriting face."""

    print_face: Face
    value_face: Face
    hand_face: Face
    hand: float  # share of the values written by hand
    size: float
    value_size: float
    ink: Colour
    label_case: str  # "as is", "upper", "lower first"
    label_end: str  # "", ":", " :", "."
    label_bold: bool
    value_bold: bool
    value_upper: bool
    numbered: str  # how entries are numbered: "", "1.", "1", "(1)"
    date: str
    phone: str
    name: str
    medicare_dashes: bool
    mask_ssn: str
    wordy: bool  # units and currency are printed too
    box: str  # the shape of boxes to tick; "words": none, the word itself is marked
    box_after: bool  # boxes stand behind their words
    options_column: bool  # options stand beneath each other
    tick: str
    heading: str  # bar, underline, plain, boxed, caps, spaced
    accent: Colour
    margin: float
    held: bool
    within: bool  # headings stand, and labels beneath them may be short
    blank: float  # share of the entries left empty
    prose: bool = False  # values stand in sentences


def choose(draw: Random, *, held: bool, mono: bool = False, blank_form: bool = False, by_hand: bool = True) -> Style:
    """A style; `held` ones have typefaces and words of their own. `by_hand`: people may write in it."""
    pick = _faces(draw, held=held, mono=mono)
    hand = 0.0 if mono or not by_hand else draw.choice((0.0, 0.0, 0.0, 0.4, 0.85, 1.0))
    size = draw.uniform(7.6, 10.4)
    return Style(
        print_face=pick[0],
        value_face=pick[1],
        hand_face=pick[2],
        hand=hand,
        size=size,
        value_size=size + draw.uniform(0.0, 1.8),
        ink=draw.choice(_INKS),
        label_case=draw.choice(("as is", "as is", "as is", "upper", "lower first")),
        label_end=draw.choice((":", ":", ":", "", "", " :", ".")),
        label_bold=draw.random() < 0.4,
        value_bold=draw.random() < 0.12,
        value_upper=draw.random() < 0.25,
        numbered=draw.choice(("", "", "", "", "1.", "1", "(1)")),
        date=draw.choice(_DATES),
        phone=draw.choice(_PHONES),
        name=draw.choice(_NAMES),
        medicare_dashes=draw.random() < 0.6,
        mask_ssn=draw.choice(("{}", "xxx-xx-{}", "XXX-XX-{}", "***-**-{}", "...{}")),
        wordy=draw.random() < 0.4,
        box=draw.choice(_BOX_SHAPES),
        box_after=draw.random() < 0.15,
        options_column=draw.random() < 0.12,
        tick=draw.choice(_TICKS),
        heading=draw.choice(("bar", "underline", "plain", "boxed", "caps", "tinted")),
        accent=draw.choice(((20, 20, 22), (60, 60, 65), (25, 60, 110), (20, 90, 80), (110, 30, 40), (80, 60, 120))),
        margin=draw.uniform(30, 58),
        held=held,
        within=draw.random() < 0.5,
        blank=1.0 if blank_form else draw.choice((0.0, 0.04, 0.1, 0.2)),
    )


def for_prose(style: Style) -> Style:
    """The style as it is where values stand in sentences: all typed, all there."""
    return replace(
        style,
        value_face=style.print_face,
        hand=0.0,
        ink=BLACK,
        label_case="as is",
        value_bold=False,
        value_upper=False,
        value_size=max(9.0, style.size),
        numbered="",
        name="First M. Last",
        mask_ssn="{}",
        within=False,
        blank=0.0,
        prose=True,
    )


def _faces(draw: Random, *, held: bool, mono: bool) -> tuple[Face, Face, Face]:
    sans, typewriters, hands = (
        (fonts.HELD_SANS, fonts.HELD_MONO, fonts.HELD_HAND)
        if held
        else (fonts.SANS + fonts.SERIF, fonts.MONO, fonts.HAND)
    )
    form, typed, hand = draw.choice(sans), draw.choice(typewriters), draw.choice(hands)
    other, same = draw.choice(sans), draw.random()
    if mono:
        return typed, typed, hand
    return form, form if same < 0.45 else typed if same < 0.8 else other, hand
