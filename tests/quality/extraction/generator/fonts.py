"""Typefaces of free Debian packages: the form's own print, what is typed into it, what is written by hand.

Those that are not installed are replaced by the two that are always there (DejaVu Sans Mono in `tests/samples`,
Pillow's own), which the seed's other choices do not notice; `missing()` names them.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FALLBACK_MONO = Path(__file__).parents[3] / "samples" / "fonts" / "DejaVuSansMono.ttf"
_MEASURED = 100  # pixels: the size at which texts are measured


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface by its files' names. `scale` brings its letters to the height of the others'."""

    file: str
    bold: str = ""
    scale: float = 1.0
    mono: bool = False

    def in_bold(self) -> "Face":
        """The same in bold, where there is such a file."""
        return Face(self.bold, "", self.scale, self.mono) if self.bold else self


SANS = (
    Face("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    Face("Arimo-Regular.ttf", "Arimo-Bold.ttf"),
    Face("Lato-Regular.ttf", "Lato-Bold.ttf"),
    Face("OpenSans-Regular.ttf", "OpenSans-Bold.ttf", 0.93),
    Face("Roboto-Regular.ttf", "Roboto-Bold.ttf"),
    Face("RobotoCondensed-Regular.ttf", "RobotoCondensed-Bold.ttf"),
    Face("Carlito-Regular.ttf", "Carlito-Bold.ttf", 1.06),
    Face("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf", 0.92),
)
SERIF = (
    Face("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", 1.05),
    Face("Tinos-Regular.ttf", "Tinos-Bold.ttf", 1.05),
    Face("EBGaramond12-Regular.otf", "EBGaramond12-Bold.otf", 1.1),
    Face("DejaVuSerifCondensed.ttf", "DejaVuSerifCondensed-Bold.ttf", 0.92),
)
MONO = (
    Face("LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf", mono=True),
    Face("Cousine-Regular.ttf", "Cousine-Bold.ttf", mono=True),
    Face("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", mono=True),
    Face("Inconsolata.otf", "", 1.08, mono=True),
)
HAND = (
    Face("Breip.ttf", scale=1.15),
    Face("Kristi.ttf", scale=1.6),
    Face("DancingScript-Regular.otf", scale=1.15),
    Face("ComicNeue-Regular.otf", scale=1.1),
    Face("Humor-Sans.ttf", scale=1.0),
    Face("BecauseWeCreate-Regular.otf", scale=1.25),
    Face("BecauseWeOrganize-Regular.otf", scale=1.15),
    Face("BecauseWeMentor-Regular.otf", scale=1.2),
)
# set in held-back families alone
HELD_SANS = (Face("Cabin-Regular.otf", "Cabin-Bold.otf"), Face("Caladea-Regular.ttf", "Caladea-Bold.ttf"))
HELD_MONO = (
    Face("Courier Prime.otf", "Courier Prime Bold.otf", mono=True),
    Face("Anonymous Pro.ttf", "Anonymous Pro B.ttf", mono=True),
)
HELD_HAND = (
    Face("dkg.ttf", scale=0.95),
    Face("KaushanScript-Regular.otf", scale=1.1),
    Face("BecauseWeBuild-Regular.otf", scale=1.3),
    Face("BecauseWeConnect-Regular.otf", scale=1.1),
)
_ALL = SANS + SERIF + MONO + HAND + HELD_SANS + HELD_MONO + HELD_HAND


def missing() -> list[str]:
    """The files that no installed package has."""
    wanted = {name for face in _ALL for name in (face.file, face.bold) if name}
    return sorted(wanted - _installed().keys())


def load(face: Face, size: float) -> ImageFont.FreeTypeFont:
    """The face at `size` pixels of type."""
    return _load(face, round(size * face.scale, 1))


@lru_cache(maxsize=400)
def _load(face: Face, size: float) -> ImageFont.FreeTypeFont:
    path = _installed().get(face.file)
    if path is None and not face.mono:
        fallback = ImageFont.load_default(size / face.scale)
        assert isinstance(fallback, ImageFont.FreeTypeFont)
        return fallback
    return ImageFont.truetype(str(path or _FALLBACK_MONO), size, layout_engine=ImageFont.Layout.BASIC)


def width(face: Face, text: str, size: float) -> float:
    """How far the text goes, in the unit of `size`."""
    return load(face, _MEASURED).getlength(text) * size / _MEASURED


def ink(face: Face, text: str, size: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the text's ink from the start of its baseline, in the unit of `size`."""
    left, top, right, bottom = load(face, _MEASURED).getbbox(text, anchor="ls")
    by = size / _MEASURED
    return left * by, top * by, right * by, bottom * by


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    found = sorted(Path("/usr/share/fonts").rglob("*.[to]tf"))
    return {path.name: path for path in found}
