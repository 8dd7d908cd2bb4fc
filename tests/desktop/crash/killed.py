"""The real `chartdrop watch`, in a process that kills itself at a chosen edge of a step.

Nothing of it is in the product: Python's profiling hook sees every call and return of the steps' functions.
"""

import hashlib
import inspect
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Event
from types import CodeType, FrameType, TracebackType
from typing import Any

import pypdfium2

import desktop.cli.watching
import desktop.services
from desktop.cli.commands import run
from desktop.journey.recognition import pool
from shared.documents import Page, Polygon, Reading, TextLine, failed_reading
from shared.reading.settings import ReadingSettings
from shared.reading.worker import PageDone
from shared.templates import Template
from tests.desktop.conftest import environment
from tests.forking import fork

_STEPS = tuple(
    str(Path(desktop.services.__file__).parent / part)
    for part in (
        "journey/hotfolder/folder", "journey/hotfolder/places", "journey/hotfolder/settling",
        "journey/hotfolder/trust", "journey/intake/", "journey/recognition/", "vault/arrivals", "vault/audit_log",
        "vault/blobs", "vault/connection", "vault/device", "vault/documents", "vault/files", "vault/key",
        "vault/outbox", "vault/outcomes", "vault/search_index", "vault/store",
    )
)  # fmt: skip


class TextReader:
    """Reads what a born-digital PDF says, with PDFium, in milliseconds: what is killed here is not OCR."""

    def __init__(self, settings: ReadingSettings | None = None) -> None:
        self.settings = settings

    def __enter__(self) -> "TextReader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def warm_up(self) -> None: ...

    def follow(self, templates: tuple[Template, ...]) -> None: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...

    def read(
        self,
        payload: bytes,
        file_name: str,
        template: str = "auto",  # noqa: ARG002 - the real reader's own arguments
        on_page: Callable[[PageDone], None] | None = None,
        unwanted: Event | None = None,  # noqa: ARG002
    ) -> Reading:
        """The text of each page as one line."""
        sha256 = hashlib.sha256(payload).hexdigest()
        try:
            document = pypdfium2.PdfDocument(payload)
        except pypdfium2.PdfiumError:
            return failed_reading(file_name, sha256, "file_damaged", f"{file_name}: The PDF is damaged. Scan it again.")
        pages = []
        for number, page in enumerate(document, 1):
            picture, data = page.render(scale=0.2).to_pil(), BytesIO()
            picture.save(data, "PNG")
            if on_page is not None:
                on_page(PageDone(number, len(document), data.getvalue(), "image/png"))
            width, height = picture.size
            outline: Polygon = ((0, 0), (width, 0), (width, height), (0, height))
            text = page.get_textpage().get_text_bounded()
            pages.append(Page(number, width, height, 14, 0, 0.0, (TextLine(text, 1.0, outline),)))
        document.close()
        return Reading(file_name, sha256, len(pages), pages=tuple(pages))


class Edges:
    """Counts the edges of steps that are passed, in whatever thread, and ends the process at the `wanted` one."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._passed: Counter[str] = Counter()
        self._names: dict[CodeType, str] = {}
        self._lock = threading.Lock()

    def see(self, frame: FrameType, event: str, _: Any) -> None:
        """Python calls this at every call and return."""
        if event not in ("call", "return"):
            return
        name = self._names.get(frame.f_code)
        if name is None:
            name = self._names[frame.f_code] = _step_name(frame.f_code)
        if name:
            with self._lock:
                edge = f"{name} {event}"
                self._passed[edge] += 1
                if f"{edge} {self._passed[edge]}" == self._wanted:
                    os.kill(os.getpid(), signal.SIGKILL)

    def write(self, path: Path) -> None:
        """One line an edge, in the order in which they were first passed, with how often."""
        path.write_text("".join(f"{edge} {times}\n" for edge, times in self._passed.items()))


@dataclass(frozen=True, slots=True)
class Run:
    """One `chartdrop WORDS...`: `edge` is "FUNCTION call|return N", at whose Nth time it dies, or "" for none.

    `reads_text` says that the text reader stands in for OCR; `listed` is where the edges that were passed are written,
    `said` what the process said, `settle_seconds` how long files stand still before they are taken."""

    words: tuple[str, ...]
    said: Path
    edge: str = ""
    reads_text: bool = True
    listed: Path | None = None
    settle_seconds: float = 0.1

    def start(self) -> ForkServerProcess:
        env = environment(CHARTDROP_SETTLE_SECONDS=str(self.settle_seconds))
        return fork(_work, self, env=env, out=self.said, err=self.said)


def _work(one: Run) -> int:
    if one.reads_text:
        vars(pool)["ReadingProcess"] = TextReader
    edges = Edges(one.edge)
    if one.edge or one.listed:
        threading.setprofile(edges.see)
        sys.setprofile(edges.see)
    code = run(list(one.words))
    sys.setprofile(None)
    if one.listed:
        edges.write(one.listed)
    return code


def _step_name(code: CodeType) -> str:
    """What an edge of this function is called; "" for one that belongs to no step."""
    is_function = code.co_flags & inspect.CO_NEWLOCALS
    if not is_function or not code.co_filename.startswith(_STEPS):
        return ""
    return f"{Path(code.co_filename).stem}.{code.co_qualname}"
