"""Drawing on a letter page at 200 dpi: print, typed values, rules and boxes to tick."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1700, 2200  # pixels: letter paper at 200 dpi
_TYPEWRITER = Path(__file__).parent / "fonts" / "DejaVuSansMono.ttf"
INK, PAPER, SHADE = 20, 255, 222


@dataclass(frozen=True, slots=True)
class Written:
    """A text on a page and its box: left, top, right, bottom, in pixels."""

    text: str
    box: tuple[float, float, float, float]


class Canvas:
    """One page in grey. Sizes are heights of the font in pixels, positions the text's top left."""

    def __init__(self) -> None:
        self.written: list[Written] = []
        self.image = Image.new("L", (WIDTH, HEIGHT), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def text(self, at: tuple[float, float], text: str, size: int = 26, *, bold: bool = False, ink: int = INK) -> float:
        """The form's own print. Returns where it ends, in pixels from the left."""
        font = ImageFont.load_default(size)
        self._draw.text(at, text, fill=ink, font=font, stroke_width=0.6 if bold else 0)
        return self._end(at, text, size, self._draw.textlength(text, font=font))

    def value(self, at: tuple[float, float], text: str, size: int = 27) -> float:
        """What was typed in. Returns where it ends, in pixels from the left."""
        font = ImageFont.truetype(str(_TYPEWRITER), size)
        self._draw.text(at, text, fill=INK, font=font)
        return self._end(at, text, size, self._draw.textlength(text, font=font))

    def centred(self, y: float, text: str, size: int, *, bold: bool = False) -> None:
        """Print in the middle of the page's width."""
        width = self._draw.textlength(text, font=ImageFont.load_default(size))
        self.text(((WIDTH - width) / 2, y), text, size, bold=bold)

    def rule(self, start: tuple[float, float], end: tuple[float, float], width: int = 2) -> None:
        """A straight line."""
        self._draw.line((start, end), fill=INK, width=width)

    def frame(self, box: tuple[float, float, float, float], *, fill: int | None = None, width: int = 2) -> None:
        """A rectangle, filled with a grey or not."""
        self._draw.rectangle(box, outline=INK, fill=fill, width=width)

    def bar(self, y: float, text: str, left: float = 90, right: float = WIDTH - 90) -> None:
        """A heading in white on a dark bar 40 pixels high."""
        self._draw.rectangle((left, y, right, y + 40), fill=60)
        self.text((left + 14, y + 6), text, 25, bold=True, ink=PAPER)

    def tick_box(self, at: tuple[float, float], text: str, *, ticked: bool, size: int = 24) -> float:
        """A square to tick and its text. Returns where the text ends."""
        x, y = at
        self._draw.rectangle((x, y + 2, x + 24, y + 26), outline=INK, width=2)
        if ticked:
            self._draw.line(((x + 4, y + 6), (x + 20, y + 22)), fill=INK, width=3)
            self._draw.line(((x + 20, y + 6), (x + 4, y + 22)), fill=INK, width=3)
        return self.text((x + 34, y), text, size)

    def signature(self, at: tuple[float, float], width: float) -> None:
        """A scrawl of nobody's hand."""
        x, y = at
        points = [(x + width * t / 40, y - 26 * ((t * 7) % 11) / 11 + 10 * ((t * 3) % 5) / 5) for t in range(41)]
        self._draw.line(points, fill=40, width=4, joint="curve")

    def _end(self, at: tuple[float, float], text: str, size: int, width: float) -> float:
        """Where the text ends, which is kept in mind."""
        left, top = at
        if text:
            self.written.append(Written(text, (left, top, left + width, top + size)))
        return left + width
