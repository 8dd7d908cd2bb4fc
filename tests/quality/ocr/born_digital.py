"""Born-digital PDFs: how many pages a second are read, fields and all, beside taking bare text out of the same file."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter, process_time

import pypdfium2

from shared.documents import TextLine
from shared.reading.ocr.engine import Picture, Upright
from shared.reading.pipeline import Submission, read_document
from shared.reading.settings import ReadingSettings
from tests.samples.pdf_file import PdfPage, pdf_file, text

_PAGES = 40
_ROUNDS = 2  # the best of these counts: others may want the processor
_LABELS = ("Patient name", "Date of birth", "MRN", "Attending physician", "NPI", "Primary diagnosis", "Allergies")


@dataclass(frozen=True, slots=True)
class BornDigitalPace:
    """Pages a second, and words a page: of one processor's time, and on the clock with a document for each of them."""

    pages: int
    words_a_page: float
    chartdrop: float
    bare_text: float
    chartdrop_all_cores: float


def measure_born_digital() -> BornDigitalPace:
    """The pace on a generated file of forms with a table and notes, none of it recognised from pixels."""
    payload = _forms()
    settings = ReadingSettings()
    engine = _Unneeded()
    reading = read_document(Submission(payload, "forms.pdf"), engine, settings)
    if reading.error is not None:
        raise ValueError(reading.error.message)
    words = sum(len(line.words) for page in reading.pages for line in page.lines)
    ours = min(
        _seconds(lambda: read_document(Submission(payload, "forms.pdf"), engine, settings)) for _ in range(_ROUNDS)
    )
    bare = min(_seconds(lambda: _bare_text(payload)) for _ in range(_ROUNDS))
    return BornDigitalPace(_PAGES, words / _PAGES, _PAGES / ours, _PAGES / bare, _pace_of_all_cores())


def _pace_of_all_cores() -> float:
    """Pages a second on the clock, one process for each processor, warmed up."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        list(pool.map(_read_forms, range(cores)))
        started = perf_counter()
        list(pool.map(_read_forms, range(cores * _ROUNDS)))
        return _PAGES * cores * _ROUNDS / (perf_counter() - started)


def _read_forms(_: int) -> None:
    read_document(Submission(_forms(), "forms.pdf"), _Unneeded(), ReadingSettings())


class _Unneeded:
    """Stands for the engine: to be asked anything would mean that a page was not read from its text."""

    def find_upright(self, picture: Picture) -> Upright:  # noqa: ARG002  # the port's own names
        raise AssertionError("a born-digital page was taken for a scan")

    def read_lines(self, picture: Picture) -> tuple[TextLine, ...]:  # noqa: ARG002
        raise AssertionError("a born-digital page was taken for a scan")


def _forms() -> bytes:
    return pdf_file([PdfPage(_form(number)) for number in range(_PAGES)])


def _form(number: int) -> bytes:
    parts = [text(220, 750, "HOSPICE ADMISSION FORM", 14)]
    for row, label in enumerate(_LABELS):
        parts.append(text(54, 715 - 20 * row, f"{label}:") + text(200, 715 - 20 * row, f"Value {number * 31 + row}"))
    parts.append(b"0.5 w " + b"".join(b"54 %d m 558 %d l S " % (y, y) for y in range(430, 571, 20)))
    for row in range(7):
        cells = enumerate(("Morphine", f"{row + 5} mg", "by mouth", "every 4 hours"))
        parts.extend(text(58 + 126 * column, 556 - 20 * row, cell) for column, cell in cells)
    for row in range(20):
        parts.append(
            text(
                54,
                400 - 15 * row,
                f"Note {row}: the patient rested well, pain was {row % 4} of 10 on the evening scale.",
            )
        )
    return b"".join(parts)


def _bare_text(payload: bytes) -> list[str]:
    with pypdfium2.PdfDocument(payload) as document:
        return [page.get_textpage().get_text_range() for page in document]


def _seconds(work: Callable[[], object]) -> float:
    started = process_time()
    work()
    return process_time() - started
