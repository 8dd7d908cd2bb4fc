"""One document's way from bytes to a reading: load, turn upright, deskew, read, extract."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter

from shared.documents import Page, Reading, TextLine, Timings, bounds, failed_reading, moved
from shared.errors import ChartdropError
from shared.reading.errors import MemoryExhausted, ReadingError
from shared.reading.extraction import Record, SeenPage, extract, find_marks
from shared.reading.load import LoadedDocument, LoadedPage, TextLayer, open_document
from shared.reading.ocr.engine import OcrEngine, Picture
from shared.reading.preprocess import measure_skew, turn_quarter, turn_slightly
from shared.reading.settings import ReadingSettings
from shared.templates import AUTO, choose_template

_DOUBTFUL = 0.8  # mean confidence of a page's lines; pages the right way up have 0.9 and more, upside down 0.6
_SMALLEST_SIDE = 16  # pixels: no letter fits on a smaller page, and no model takes it
_SURE_OF_UPRIGHT = 0.6  # the orientation model's confidence below which a page is left as it is


@dataclass(frozen=True, slots=True)
class Submission:
    """A file to read: its bytes, its name, and a template's name or "auto"."""

    payload: bytes
    file_name: str
    template: str = AUTO


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with the picture of it that was read: upright, level, BGR, 8 bits a channel."""

    page: Page
    page_count: int
    picture: Picture
    bilevel: bool


OnPage = Callable[[ReadPage], None]


def read_document(
    submission: Submission, engine: OcrEngine, settings: ReadingSettings, on_page: OnPage | None = None
) -> Reading:
    """What stands in the submitted file; what cannot be read gives a reading with an `error`."""
    file_name, sha256 = submission.file_name, hashlib.sha256(submission.payload).hexdigest()
    try:
        return replace(_read(submission, engine, settings, on_page), sha256=sha256)
    except ChartdropError as error:
        return failed_reading(file_name, sha256, error.code, f"{file_name}: {error.message}")
    except MemoryError:
        message = "Reading it needs too much memory. Scan it at a lower resolution or in parts."
        return failed_reading(file_name, sha256, MemoryExhausted.code, f"{file_name}: {message}")
    except Exception as error:  # a decoder's own fault must not stop the documents after this one
        message = f"It could not be read ({type(error).__name__}). Scan or send the document again."
        return failed_reading(file_name, sha256, ReadingError.code, f"{file_name}: {message}")


def _read(submission: Submission, engine: OcrEngine, settings: ReadingSettings, on_page: OnPage | None) -> Reading:
    watch = _Stopwatch()
    with watch.measuring("load"):
        document = open_document(submission.payload, settings.limits)
    seen: list[SeenPage] = []
    while (loaded := _next_page(document, watch)) is not None:
        read = _read_page(loaded, document.page_count, engine, watch)
        if on_page is not None:
            on_page(read)
        with watch.measuring("extract"):
            seen.append(SeenPage(read.page, find_marks(read.picture, loaded.dpi)))  # the picture itself is let go
    with watch.measuring("extract"):
        choice = choose_template(submission.template, [page.page for page in seen])
        record = extract(seen, choice.template) if choice.template else Record()
    return Reading(
        file_name=submission.file_name,
        sha256="",
        page_count=len(seen),
        document_type=choice.document_type,
        document_type_confidence=choice.confidence,
        template=choice.template.reference if choice.template else None,
        pages=tuple(page.page for page in seen),
        fields=record.fields,
        tables=record.tables,
        timings_ms=watch.timings(),
    )


def _next_page(document: LoadedDocument, watch: "_Stopwatch") -> LoadedPage | None:
    with watch.measuring("load"):
        return next(document.pages, None)


def _read_page(loaded: LoadedPage, page_count: int, engine: OcrEngine, watch: "_Stopwatch") -> ReadPage:
    """The page turned the way in which it reads best."""
    if min(loaded.picture.shape[:2]) < _SMALLEST_SIDE:
        return _unread(loaded, page_count)
    if loaded.layer is not None:
        return _read_from_layer(loaded, loaded.layer, page_count, engine, watch)
    with watch.measuring("preprocess"):
        upright = engine.find_upright(loaded.picture)
        rotation = upright.rotation if upright.confidence >= _SURE_OF_UPRIGHT else 0
        picture, skew = _straightened(loaded.picture, rotation)
    with watch.measuring("ocr"):
        lines = engine.read_lines(picture)
        if lines and _legibility(lines) < _DOUBTFUL:
            over = (rotation + 180) % 360
            other, other_skew = _straightened(loaded.picture, over)
            other_lines = engine.read_lines(other)
            if _legibility(other_lines) > _legibility(lines):
                rotation, picture, skew, lines = over, other, other_skew, other_lines
    height, width = picture.shape[:2]
    page = Page(loaded.number, width, height, loaded.dpi, rotation, skew, lines)
    return ReadPage(page, page_count, picture, loaded.bilevel)


def _read_from_layer(
    loaded: LoadedPage, layer: TextLayer, page_count: int, engine: OcrEngine, watch: "_Stopwatch"
) -> ReadPage:
    """The page's lines as its file spells them, and those recognised on what it shows besides."""
    with watch.measuring("preprocess"):
        picture = turn_quarter(loaded.picture, layer.rotation)
    with watch.measuring("ocr"):
        lines = sorted([*layer.lines, *_rest_of(layer, engine)], key=lambda line: bounds(line.polygon).top)
    height, width = picture.shape[:2]
    page = Page(loaded.number, width, height, loaded.dpi, layer.rotation, 0.0, tuple(lines))
    return ReadPage(page, page_count, picture, loaded.bilevel)


def _rest_of(layer: TextLayer, engine: OcrEngine) -> list[TextLine]:
    if layer.rest is None or min(layer.rest.shape[:2]) < _SMALLEST_SIDE:
        return []
    return [moved(line, layer.rest_at) for line in engine.read_lines(layer.rest)]


def _unread(loaded: LoadedPage, page_count: int) -> ReadPage:
    height, width = loaded.picture.shape[:2]
    page = Page(loaded.number, width, height, loaded.dpi, rotation=0, skew_degrees=0.0, lines=())
    return ReadPage(page, page_count, loaded.picture, loaded.bilevel)


def _straightened(picture: Picture, rotation: int) -> tuple[Picture, float]:
    """`picture` turned clockwise by `rotation` and levelled, and the degrees (clockwise) that levelled it."""
    turned = turn_quarter(picture, rotation)
    skew = measure_skew(turned)
    return turn_slightly(turned, skew), skew


def _legibility(lines: tuple[TextLine, ...]) -> float:
    """The mean confidence of a page's lines, long ones counting more; 0 for none."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0


class _Stopwatch:
    """Adds up how long each step took."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def measuring(self, step: str) -> Iterator[None]:
        """What happens inside is counted as `step`."""
        started = perf_counter()
        try:
            yield
        finally:
            self._seconds[step] = self._seconds.get(step, 0.0) + perf_counter() - started

    def timings(self) -> Timings:
        """The steps and the whole so far, in milliseconds."""
        steps = {step: round(seconds * 1000) for step, seconds in self._seconds.items()}
        return Timings(**steps, total=round((perf_counter() - self._started) * 1000))
