"""A document being laid out: its sheets, the pen's height on the last one, and the parts that every layout has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.quality.extraction.generator import fonts
from tests.quality.extraction.generator.content import Content, Entry
from tests.quality.extraction.generator.fonts import Face
from tests.quality.extraction.generator.sheet import BLACK, LETTER, Box, Colour, Sheet
from tests.quality.extraction.generator.style import Style

_LEAST = 0.72  # of its size, to which a value is set smaller before it is broken over lines
_FOOT = 46.0  # points kept free below


@dataclass(slots=True)
class Draft:
    """`y` is how far the last sheet is filled, in points from its top."""

    content: Content
    style: Style
    draw: Random
    size: tuple[float, float] = LETTER
    sheets: list[Sheet] = field(default_factory=list)
    y: float = 0.0
    handwritten: set[str] = field(default_factory=set)
    printed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sheets = [Sheet(self.size)]
        self.y = self.style.margin

    @property
    def sheet(self) -> Sheet:
        """The one being drawn on."""
        return self.sheets[-1]

    @property
    def left(self) -> float:
        """Where the text's area begins."""
        return self.style.margin

    @property
    def right(self) -> float:
        """Where the text's area ends."""
        return self.size[0] - self.style.margin

    @property
    def width(self) -> float:
        """Of the text's area."""
        return self.right - self.left

    def fits(self, height: float) -> bool:
        """Whether `height` is left on the sheet."""
        return self.y + height <= self.size[1] - _FOOT

    def room(self, height: float) -> bool:
        """Begins another sheet where `height` is not left. True when it had to."""
        if self.fits(height):
            return False
        self.turn()
        return True

    def turn(self) -> None:
        """Another sheet."""
        self.sheets.append(Sheet(self.size))
        self.y = self.style.margin

    def note(self, key: str, text: str, box: Box) -> None:
        """The field or cell stands in `box` as `text`, or goes on there; said again elsewhere, it is so said once."""
        if self.printed.get(key) == text:
            return
        self.sheet.mark(key, box)
        self.printed[key] = f"{self.printed[key]} {text}" if key in self.printed else text

    def label(  # how type is set
        self, x: float, y: float, text: str, *, size: float = 0, bold: bool | None = None, colour: Colour = BLACK
    ) -> float:
        """The form's print with its baseline at `y`. Returns where it ends."""
        face = self.face(bold=self.style.label_bold if bold is None else bold)
        size = size or self.style.size
        self.sheet.text(x, y, text, face, size, colour)
        return x + fonts.width(face, text, size)

    def face(self, *, bold: bool = False) -> Face:
        """The form's typeface."""
        return self.style.print_face.in_bold() if bold else self.style.print_face

    def label_width(self, text: str, size: float = 0, *, bold: bool | None = None) -> float:
        """How wide `label` would be."""
        return fonts.width(
            self.face(bold=self.style.label_bold if bold is None else bold), text, size or self.style.size
        )

    def value_face(self, keys: Sequence[str]) -> Face:
        """The typeface of a value, and that it is by hand noted."""
        if self.style.hand and self.draw.random() < self.style.hand:
            self.handwritten.update(key for key in keys if key)
            return self.style.hand_face
        return self.style.value_face.in_bold() if self.style.value_bold else self.style.value_face

    def fit(
        self, entry: Entry, width: float, face: Face, *, lines: int = 1
    ) -> tuple[float, list[list[tuple[str, str]]]]:
        """The size at which the entry's runs go into `width`, and the runs of each line."""
        size = self.style.value_size
        ends = entry.text.count("\n")
        if not ends:
            natural = fonts.width(face, entry.text, size)
            if natural <= width:
                return size, [list(entry.runs)]
            if lines == 1 or natural * _LEAST <= width:
                return size * width / natural, [list(entry.runs)]
            size *= 0.92
        lines = max(lines, ends + 1)
        broken = broken_runs(entry.runs, width, face, size)
        while len(broken) > lines:
            size *= 0.94
            broken = broken_runs(entry.runs, width, face, size)
        return size, broken

    def value(  # how type is set
        self, x: float, y: float, entry: Entry, width: float, *, lines: int = 1, up: bool = False
    ) -> tuple[float, float]:
        """The entry's value with its (first) baseline at `y`. Returns where it ends, right and down.

        `up`: `y` is the last line's baseline.
        """
        if not entry.text.strip():
            return x, y
        face = self.value_face(entry.keys)
        size, broken = self.fit(entry, width, face, lines=lines)
        step = size * 1.22
        if up:
            y -= step * (len(broken) - 1)
        end = x
        if face == self.style.hand_face:
            y += self.draw.uniform(-1.2, 0.8)
        for number, runs in enumerate(broken):
            end = max(end, self.runs(x, y + number * step, runs, face, size))
        return end, y + (len(broken) - 1) * step

    def runs(self, x: float, y: float, runs: Sequence[tuple[str, str]], face: Face, size: float) -> float:
        """One line of runs; each is marked as its field. They are one text of the page. Returns where it ends."""
        whole: Box | None = None
        for text, key in runs:
            box = self.sheet.text(x, y, text, face, size, self.style.ink, told=False)
            if text.strip():
                whole = box if whole is None else (whole[0], min(whole[1], box[1]), box[2], max(whole[3], box[3]))
                if key:
                    self.note(key, text.strip(), box)
            x += fonts.width(face, text, size)
        if whole:
            self.sheet.written.append(("".join(text for text, _ in runs), whole))
        return x


def broken_runs(runs: Sequence[tuple[str, str]], width: float, face: Face, size: float) -> list[list[tuple[str, str]]]:
    """The runs in lines no wider than `width` where words allow; a line ends at "\\n" besides."""
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for text, key in runs:
        for word in text.replace(" ", " \0").replace("\n", "\0\n\0").split("\0"):
            wide = fonts.width(face, word.rstrip(), size)
            breaks = bool(lines[-1]) and lines[-1][-1][0].endswith(" ")
            if word == "\n" or (used + wide > width and breaks):
                lines.append([])
                used = 0.0
            if word in {"", "\n"}:
                continue
            if lines[-1] and lines[-1][-1][1] == key:
                lines[-1][-1] = (lines[-1][-1][0] + word, key)
            else:
                lines[-1].append((word, key))
            used += fonts.width(face, word, size)
    return lines
