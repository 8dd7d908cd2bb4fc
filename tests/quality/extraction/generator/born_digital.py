"""Pages as a PDF that carries its text: Helvetica, Times and Courier stand in for whichever typeface was chosen."""

from collections.abc import Iterable

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.fonts import SERIF, Face
from tests.quality.extraction.generator.sheet import Colour, Glyphs, Round, Shape, Sheet
from tests.samples.pdf_file import PdfPage, pdf_file

_FONTS = {
    "H": "Helvetica",
    "HB": "Helvetica-Bold",
    "T": "Times-Roman",
    "TB": "Times-Bold",
    "C": "Courier",
    "CB": "Courier-Bold",
}
# of the same widths as Helvetica and Times (Courier is 0.6 em wide)
_METRICS = {
    "H": Face("LiberationSans-Regular.ttf"),
    "HB": Face("LiberationSans-Bold.ttf"),
    "T": Face("LiberationSerif-Regular.ttf"),
    "TB": Face("LiberationSerif-Bold.ttf"),
}
_SERIF_FILES = {name for face in SERIF for name in (face.file, face.bold)}


def born_digital(sheets: Iterable[Sheet]) -> bytes:
    """The pages as a file."""
    return pdf_file([_page(sheet) for sheet in sheets])


def _page(sheet: Sheet) -> PdfPage:
    used = b"".join(
        b"/%s<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>" % (key.encode(), name.encode())
        for key, name in _FONTS.items()
    )
    content = "".join(_painted(thing, sheet.size[1]) for thing in sheet.drawn)
    return PdfPage(content.encode("cp1252", "replace"), sheet.size, fonts=used)


def _painted(thing: Glyphs | Shape | Round, height: float) -> str:
    match thing:
        case Glyphs():
            return _set(thing, height)
        case Shape():
            path = " ".join(f"{x:.2f} {height - y:.2f} {'l' if n else 'm'}" for n, (x, y) in enumerate(thing.points))
            return _strokes(path, thing)
        case Round():
            return _strokes(_ellipse(thing, height), thing)


def _set(glyphs: Glyphs, height: float) -> str:
    key = _font(glyphs.face)
    wanted = fonts.width(glyphs.face, glyphs.text, glyphs.size)
    natural = (
        fonts.width(_METRICS[key], glyphs.text, glyphs.size)
        if key in _METRICS
        else 0.6 * glyphs.size * len(glyphs.text)
    )
    words = glyphs.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    stretch = 100 * wanted / natural if natural else 100
    x, y = glyphs.at
    return (
        f"BT {_colour(glyphs.colour)} rg /{key} {glyphs.size:.2f} Tf {stretch:.2f} Tz "
        f"1 0 0 1 {x:.2f} {height - y:.2f} Tm ({words}) Tj ET\n"
    )


def _font(face: Face) -> str:
    family = "C" if face.mono else "T" if face.file in _SERIF_FILES else "H"
    return family + ("B" if "Bold" in face.file else "")


def _strokes(path: str, thing: Shape | Round) -> str:
    fill = f"{_colour(thing.fill)} rg " if thing.fill else ""
    outline = f"{_colour(thing.outline)} RG {thing.width:.2f} w " if thing.outline else ""
    if isinstance(thing, Shape) and thing.open:
        return f"{outline}{path} S\n"
    paint = "b" if fill and outline else "f" if fill else "s"
    return f"{fill}{outline}{path} {paint}\n"


def _ellipse(thing: Round, height: float) -> str:
    """Four Bézier curves; 0.5523 is their usual approximation of a quarter of a circle."""
    left, top, right, bottom = thing.box
    x, y, a, b = (left + right) / 2, height - (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    k = 0.5523
    curves = (
        (a, k * b, k * a, b, 0, b),
        (-k * a, b, -a, k * b, -a, 0),
        (-a, -k * b, -k * a, -b, 0, -b),
        (k * a, -b, a, -k * b, a, 0),
    )
    turns = (
        " ".join(f"{centre + step:.2f}" for centre, step in zip((x, y) * 3, curve, strict=True)) + " c"
        for curve in curves
    )
    return f"{x + a:.2f} {y:.2f} m " + " ".join(turns)


def _colour(colour: Colour) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour)
