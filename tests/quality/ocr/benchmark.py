"""One engine's figures: how right, how fast, how large."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from pathlib import Path

from shared.reading.settings import ReadingSettings
from tests.quality.ocr.corpus import CASE_KEPT, SLANTED, BenchPage
from tests.quality.ocr.drive import Answer, Driver, pages_a_second
from tests.quality.ocr.engines import CHARTDROP, Engine, ReadyEngine, make_ready
from tests.quality.ocr.measures import CharacterScore, WordScore, in_rows, score_characters, score_words
from tests.quality.ocr.steps import switchable

_PACE_PAGES = 2  # of each class are read once more, by all processors together


@dataclass(frozen=True, slots=True)
class PageResult:
    """One page as one engine read it; `characters` is None for pages that have no rows."""

    engine: str
    page: str
    kind: str
    seconds: float
    words: WordScore
    characters: CharacterScore | None
    text: str
    error: str | None


@dataclass(frozen=True, slots=True)
class EngineResult:
    """All of one engine's figures; memory in bytes, pace in pages a second."""

    engine: Engine
    versions: dict[str, str]
    cold_start_seconds: float  # from the start of its process to its first page
    pages: tuple[PageResult, ...]
    pace_one_process: float
    pace_all_cores: float  # one-threaded processes, one a core
    peak_bytes: int  # of one process over all pages
    peak_letter_bytes: int  # of one process over letter pages at 300 dpi

    @property
    def pace(self) -> float:
        """The better of both ways to use all processors."""
        return max(self.pace_one_process, self.pace_all_cores)

    @property
    def seconds_a_page(self) -> float:
        """The mean over all pages."""
        return sum(page.seconds for page in self.pages) / len(self.pages)

    @property
    def failed(self) -> int:
        """How many pages the engine gave an error for."""
        return sum(page.error is not None for page in self.pages)


@dataclass(frozen=True, slots=True)
class Bench:
    """What is to be read; logs go to `out`, environments to `workshop`; `on_page` is told of every page read."""

    pages: Sequence[BenchPage]
    letter_pages: Sequence[Path]
    out: Path
    workshop: Path
    on_page: Callable[[PageResult], None] = field(default=lambda _: None)

    @property
    def first(self) -> Path:
        """The page for cold starts and to warm up: an ordinary scan where there is one."""
        return next((page for page in self.pages if page.kind == "scan"), self.pages[0]).picture

    @property
    def pace_pages(self) -> list[BenchPage]:
        """The first pages of each class."""
        by_kind: dict[str, list[BenchPage]] = defaultdict(list)
        for page in self.pages:
            by_kind[page.kind].append(page)
        return [page for pages in by_kind.values() for page in pages[:_PACE_PAGES]]


def measure(engine: Engine, bench: Bench) -> EngineResult:
    """All figures of `engine`. Raises EngineUnavailable and EngineFailed."""
    ready = make_ready(engine, bench.workshop)
    log = bench.out / f"{engine.name}.log"
    log.unlink(missing_ok=True)
    peak_letter, cold_once = _read_letters(ready, log, bench)
    versions, cold_again, peak, pages = _read_all(ready, log, bench)
    shared_pages = bench.pace_pages
    names = {page.name for page in shared_pages}
    alone = sum(page.seconds for page in pages if page.page in names)
    return EngineResult(
        engine=engine,
        versions=versions,
        cold_start_seconds=min(cold_once, cold_again),
        pages=pages,
        pace_one_process=len(shared_pages) / alone,
        pace_all_cores=pages_a_second(ready, log, bench.first, [page.picture for page in shared_pages]),
        peak_bytes=peak,
        peak_letter_bytes=peak_letter,
    )


def measure_steps(bench: Bench) -> dict[str, tuple[PageResult, ...]]:
    """The pages as Chartdrop reads them without one of its steps, by the step's name; empty when it has none."""
    found = {}
    for step in switchable(ReadingSettings()):
        engine = replace(CHARTDROP, name=f"{CHARTDROP.name} without {step}", variant=step)
        found[step] = _read_all(make_ready(engine, bench.workshop), bench.out / f"{step}.log", bench)[3]
    return found


def words_of(pages: Iterable[PageResult]) -> WordScore:
    """The score of all `pages` together: a word counts as much on a full page as on an empty one."""
    return reduce(add, (page.words for page in pages), WordScore())


def characters_of(pages: Iterable[PageResult]) -> CharacterScore | None:
    """The score of all `pages` together that have rows; None when there are none."""
    scores = [page.characters for page in pages if page.characters is not None]
    return reduce(add, scores, CharacterScore()) if scores else None


def _read_letters(ready: ReadyEngine, log: Path, bench: Bench) -> tuple[int, float]:
    """The peak memory of a process that reads letter pages, and its cold start."""
    with Driver(ready, log) as driver:
        driver.versions()
        answer = driver.read(bench.first)
        cold = driver.seconds_since_start
        for letter in bench.letter_pages:
            answer = driver.read(letter)
    return answer.peak_bytes, cold


def _read_all(ready: ReadyEngine, log: Path, bench: Bench) -> tuple[dict[str, str], float, int, tuple[PageResult, ...]]:
    """Versions, cold start, peak memory and every page, read by one process after a page to warm up."""
    with Driver(ready, log) as driver:
        versions = driver.versions()
        answer = driver.read(bench.first)
        cold = driver.seconds_since_start
        results = []
        for page in bench.pages:
            answer = driver.read(page.picture)
            results.append(_judged(ready.engine, page, answer))
            bench.on_page(results[-1])
    return versions, cold, answer.peak_bytes, tuple(results)


def _judged(engine: Engine, page: BenchPage, answer: Answer) -> PageResult:
    text = in_rows(answer.lines)
    fold_case = page.kind not in CASE_KEPT
    characters = None if page.kind in SLANTED else score_characters(page.truth, text, fold_case=fold_case)
    return PageResult(
        engine=engine.name,
        page=page.name,
        kind=page.kind,
        seconds=answer.seconds,
        words=score_words(page.truth, text, fold_case=fold_case),
        characters=characters,
        text=text,
        error=answer.error,
    )
