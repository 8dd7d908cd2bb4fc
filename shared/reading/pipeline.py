"""One document's way from bytes to a reading: load, prepare, read, extract."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from shared.documents import Page, Reading, TextLine, Timings, failed_reading, moved
from shared.errors import ChartdropError
from shared.reading.errors import MemoryExhausted, ReadingError
from shared.reading.extraction import Record, SeenPage, extract, find_marks
from shared.reading.load import LoadedDocument, LoadedPage, TextLayer, open_document
from shared.reading.ocr.engine import OcrEngine, Picture
from shared.reading.ocr.order import in_reading_order
from shared.reading.preprocess import (
    Placement,
    find_sheet,
    flattened,
    halves,
    has_full_contrast,
    is_blank,
    levelled,
    measure_contrast,
    measure_skew,
    placed,
    placed_lines,
    runs_across,
    turn_quarter,
    unmoved,
    with_more_contrast,
    without_specks,
)
from shared.reading.settings import Preprocessing, ReadingSettings
from shared.templates import AUTO, Template, TemplateChoice, choose_template

_DOUBTFUL = 0.8  # mean confidence of a page's lines; pages the right way up have 0.9 and more, upside down 0.6
_SMALLEST_SIDE = 16  # pixels: no letter fits on a smaller page, and no model takes it
_SURE_OF_UPRIGHT = 0.85  # the orientation model's confidence from which its halves need not be asked
_OUT_OF_MEMORY = ("bad_alloc", "Failed to allocate", "Insufficient memory")  # in the words of native libraries
_NO_IDEA = 0.25  # its confidence in each of the four ways on an empty sheet


@dataclass(frozen=True, slots=True)
class Submission:
    """A file to read: its bytes, its name, a template's name or "auto", and the day it is read, where that is known."""

    payload: bytes
    file_name: str
    template: str = AUTO
    today: date | None = None


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with the picture of it that was read: upright, level, BGR, 8 bits a channel."""

    page: Page
    page_count: int
    picture: Picture
    bilevel: bool


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A page as it reads when turned by `rotation`: the pixels so turned, and its lines where `placement` puts them."""

    rotation: int
    skew: float
    upright: Picture
    placement: Placement
    lines: tuple[TextLine, ...]

    @property
    def legibility(self) -> float:
        """The mean confidence of the lines, long ones counting more; 0 for none.

        Lines that run up or down count as not legible: the recogniser turns them, and reads a page on its side well.
        """
        letters = sum(len(line.text) for line in self.lines)
        read = sum(line.confidence * len(line.text) for line in self.lines if runs_across(line.polygon))
        return read / letters if letters else 0.0


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
    except Exception as error:  # a decoder's own fault must not stop the documents after this one
        if _is_out_of_memory(error):
            message = "Reading it needs too much memory. Scan it at a lower resolution or in parts."
            return failed_reading(file_name, sha256, MemoryExhausted.code, f"{file_name}: {message}")
        message = f"It could not be read ({type(error).__name__}). Scan or send the document again."
        return failed_reading(file_name, sha256, ReadingError.code, f"{file_name}: {message}")


def draw_document(payload: bytes, rotations: Sequence[int], settings: ReadingSettings, on_page: OnPage) -> None:
    """Each page of the file is handed to `on_page` with the picture of it that was read, and no lines.

    `rotations` says of each how it was turned to read it (`Page.rotation`). Raises ReadingError."""
    document = open_document(payload, settings.limits)
    for loaded, rotation in zip(document.pages, rotations, strict=False):
        picture = _as_read(loaded, rotation, settings.preprocessing)
        height, width = picture.shape[:2]
        page = Page(loaded.number, width, height, loaded.dpi, rotation, skew_degrees=0.0, lines=())
        on_page(ReadPage(page, document.page_count, picture, loaded.bilevel))


def _as_read(loaded: LoadedPage, rotation: int, steps: Preprocessing) -> Picture:
    """The picture that `_read_page` made of the page, known which way up it read best."""
    upright = turn_quarter(loaded.picture, rotation)
    if loaded.layer is not None or min(upright.shape[:2]) < _SMALLEST_SIDE:
        return upright
    if steps.skip_blank and is_blank(loaded.picture, loaded.dpi):
        return upright
    placement, _ = _place(upright, loaded.bilevel, steps)
    return placed(upright, placement)


def _is_out_of_memory(error: Exception) -> bool:
    """ONNX Runtime and OpenCV say so in words alone."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in _OUT_OF_MEMORY)


def _read(submission: Submission, engine: OcrEngine, settings: ReadingSettings, on_page: OnPage | None) -> Reading:
    watch = _Stopwatch()
    with watch.measuring("load"):
        document = open_document(submission.payload, settings.limits)
    seen: list[SeenPage] = []
    while (loaded := _next_page(document, watch)) is not None:
        read = _read_page(loaded, document.page_count, engine, settings, watch)
        if on_page is not None:
            on_page(read)
        with watch.measuring("extract"):
            seen.append(SeenPage(read.page, find_marks(read.picture, loaded.dpi)))  # the picture itself is let go
    with watch.measuring("extract"):
        choice, record = understand(seen, submission.template, settings.templates, submission.today)
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


def understand(
    seen: Sequence[SeenPage], template: str, own: tuple[Template, ...] = (), today: date | None = None
) -> tuple[TemplateChoice, Record]:
    """Which template the pages, read `today`, follow, of the product's or of `own`, and what its fields are on them.

    Raises TemplateUnknown."""
    choice = choose_template(template, [page.page for page in seen], own)
    return choice, extract(seen, choice.template, today) if choice.template else Record()


def _next_page(document: LoadedDocument, watch: "_Stopwatch") -> LoadedPage | None:
    with watch.measuring("load"):
        return next(document.pages, None)


def _read_page(
    loaded: LoadedPage, page_count: int, engine: OcrEngine, settings: ReadingSettings, watch: "_Stopwatch"
) -> ReadPage:
    """The page turned the way in which it reads best."""
    if min(loaded.picture.shape[:2]) < _SMALLEST_SIDE:
        return _unread(loaded, page_count)
    if loaded.layer is not None:
        return _read_from_layer(loaded, loaded.layer, page_count, engine, watch)
    steps = settings.preprocessing
    with watch.measuring("preprocess"):
        if steps.skip_blank and is_blank(loaded.picture, loaded.dpi):
            return _unread(loaded, page_count)
        rotations = _likely_rotations(loaded.picture, engine) if steps.turn_upright else [0]
    best = _attempt(loaded, rotations[0], engine, steps, watch)
    for rotation in rotations[1:]:
        if not best.lines or best.legibility >= _DOUBTFUL:
            break
        best = max(best, _attempt(loaded, rotation, engine, steps, watch), key=lambda attempt: attempt.legibility)
    with watch.measuring("preprocess"):
        picture = placed(best.upright, best.placement)
    height, width = picture.shape[:2]
    page = Page(loaded.number, width, height, loaded.dpi, best.rotation, best.skew, best.lines)
    return ReadPage(page, page_count, picture, loaded.bilevel)


def _likely_rotations(picture: Picture, engine: OcrEngine) -> list[int]:
    """How the page may have to be turned (degrees clockwise), the likeliest first."""
    whole = engine.find_upright(picture)
    ranking = [whole.rotation]
    if whole.confidence < _SURE_OF_UPRIGHT:
        votes: defaultdict[int, float] = defaultdict(float)
        for found in [whole, *(engine.find_upright(half) for half in halves(picture))]:
            votes[found.rotation] += found.confidence - _NO_IDEA
        ranking = sorted(votes, key=lambda rotation: -votes[rotation])
    over = (ranking[0] + 180) % 360  # what the model mistakes for upright now and then
    return list(dict.fromkeys([ranking[0], over, *ranking]))


def _attempt(
    loaded: LoadedPage, rotation: int, engine: OcrEngine, steps: Preprocessing, watch: "_Stopwatch"
) -> _Attempt:
    """The page read as if `rotation` were right."""
    with watch.measuring("preprocess"):
        upright = turn_quarter(loaded.picture, rotation)
        placement, skew = _place(upright, loaded.bilevel, steps)
        clear = _made_clear(upright, loaded, steps)
    with watch.measuring("ocr"):
        lines = in_reading_order(placed_lines(engine.read_lines(clear), placement))
    return _Attempt(rotation, skew, upright, placement, lines)


def _place(upright: Picture, bilevel: bool, steps: Preprocessing) -> tuple[Placement, float]:
    """Where the pixels of `upright` belong on a flat and level page, and the degrees clockwise that levelled it."""
    sheet = find_sheet(upright) if steps.flatten_photos and not bilevel else None
    placement = flattened(sheet) if sheet else unmoved(upright)
    skew = measure_skew(placed(upright, placement)) if steps.deskew else 0.0
    return placement.then(levelled(placement.width, placement.height, skew)), skew


def _made_clear(upright: Picture, loaded: LoadedPage, steps: Preprocessing) -> Picture:
    """What is given to the recogniser: `upright`, as large, without specks and with more contrast."""
    clear = upright
    if steps.clean_specks and has_full_contrast(measure_contrast(upright)):
        clear = without_specks(clear, loaded.dpi)
    return with_more_contrast(clear) if steps.raise_contrast and not loaded.bilevel else clear


def _read_from_layer(
    loaded: LoadedPage, layer: TextLayer, page_count: int, engine: OcrEngine, watch: "_Stopwatch"
) -> ReadPage:
    """The page's lines as its file spells them, and those recognised on what it shows besides."""
    with watch.measuring("preprocess"):
        picture = turn_quarter(loaded.picture, layer.rotation)
    with watch.measuring("ocr"):
        lines = in_reading_order([*layer.lines, *_rest_of(layer, engine)])
    height, width = picture.shape[:2]
    page = Page(loaded.number, width, height, loaded.dpi, layer.rotation, 0.0, lines)
    return ReadPage(page, page_count, picture, loaded.bilevel)


def _rest_of(layer: TextLayer, engine: OcrEngine) -> list[TextLine]:
    if layer.rest is None or min(layer.rest.shape[:2]) < _SMALLEST_SIDE:
        return []
    return [moved(line, layer.rest_at) for line in engine.read_lines(layer.rest)]


def _unread(loaded: LoadedPage, page_count: int) -> ReadPage:
    height, width = loaded.picture.shape[:2]
    page = Page(loaded.number, width, height, loaded.dpi, rotation=0, skew_degrees=0.0, lines=())
    return ReadPage(page, page_count, loaded.picture, loaded.bilevel)


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
