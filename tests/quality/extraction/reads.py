"""What is seen on a document's pages: read once, then kept until something that reading stands on changes."""

import hashlib
import pickle
import tempfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import process_time

import grimp

from shared.reading.extraction import SeenPage, find_marks
from shared.reading.ocr.engine import OcrEngine
from shared.reading.pipeline import ReadPage, Submission, read_document
from shared.reading.settings import ReadingSettings
from shared.reading.worker.child import keep_for_good
from shared.templates import AUTO
from tests.quality.extraction.corpus import Document
from tests.quality.ocr.corpus import ROOT

CACHE = ROOT / "build" / "bench" / "extraction" / "cache"
_READS = ("shared.reading.load", "shared.reading.preprocess", "shared.reading.ocr", "shared.reading.extraction.marks")
_PROCESSES = 2  # one-threaded; the machine is shared
_PICKLE = 5  # protocol


@dataclass(frozen=True, slots=True)
class Seen:
    """A document's pages; `marks_ms` is the processor time of finding marks on them; `error` why there are none."""

    pages: tuple[SeenPage, ...]
    marks_ms: tuple[float, ...]
    error: str | None = None


def see_all(documents: Sequence[Document], on_document: Callable[[], None], *, fresh: bool = False) -> list[Seen]:
    """What is seen on each document; with `fresh`, what was kept is not looked at."""
    found: dict[int, Seen] = {}
    unread: list[int] = []
    for number, document in enumerate(documents):
        path = _path(document.payload)
        if path.is_file() and not fresh:
            found[number] = pickle.loads(zlib.decompress(path.read_bytes()))  # noqa: S301  # written below
            on_document()
        else:
            unread.append(number)
    if unread:
        with ProcessPoolExecutor(_PROCESSES, get_context("spawn"), _load_engine) as pool:
            payloads = [documents[number].payload for number in unread]
            for number, seen in zip(unread, pool.map(_see, payloads), strict=True):
                found[number] = seen
                if seen.error is None:
                    _keep(_path(documents[number].payload), seen)
                on_document()
    return [found[number] for number in range(len(documents))]


def _path(payload: bytes) -> Path:
    return CACHE / sources_hash() / f"{hashlib.sha256(payload).hexdigest()}.pickle"


def _keep(path: Path, seen: Seen) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(zlib.compress(pickle.dumps(seen, _PICKLE), 1))
    part.replace(path)


@cache
def sources_hash() -> str:
    """Of all our code that says what is seen on a page: the same as long as reading gives the same.

    The order of steps in `pipeline.py` is not among it, because the understanding of pages stands there too.
    """
    graph = grimp.build_graph("shared", cache_dir=None)
    modules = {name for name in graph.modules if name.startswith(_READS)}
    modules |= {needed for name in modules for needed in graph.find_upstream_modules(name)}
    modules -= {"shared.templates", *graph.find_descendants("shared.templates")}  # in settings; no page is seen by them
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for name in sorted(modules):
        file = ROOT / Path(*name.split("."))
        source = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
        if source.is_file() and name != "shared.reading.extraction":  # which imports all of extraction
            digest.update(name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


_engine: OcrEngine


def _load_engine() -> None:
    from shared.reading.ocr.paddle import PaddleEngine

    global _engine  # noqa: PLW0603  # one of each process
    _engine = PaddleEngine(None, threads=1, cache_folder=Path(tempfile.gettempdir()))
    keep_for_good()  # as the product's reading process does


def _see(payload: bytes) -> Seen:
    """The pages as the pipeline reads them, and the marks on them."""
    pages: list[SeenPage] = []
    marks_ms: list[float] = []

    def on_page(read: ReadPage) -> None:
        started = process_time()
        pages.append(SeenPage(read.page, find_marks(read.picture, read.page.dpi)))
        marks_ms.append(1000 * (process_time() - started))

    settings = replace(ReadingSettings(), threads=1)
    reading = read_document(Submission(payload, "document", AUTO), _engine, settings, on_page)
    return Seen(tuple(pages), tuple(marks_ms), reading.error.message if reading.error else None)
