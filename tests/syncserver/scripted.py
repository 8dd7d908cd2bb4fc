"""A reader that does what its document says: for what is about queues, not about reading.

A document is `%PDF-` and a JSON object: how many `pages`, how many `seconds` a page takes, which template "auto" takes
(`looks_like`), with which `error` it ends
(those in `errors` one by one, attempt after attempt, counted in the file `tries`).
"""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from shared.documents import FieldValue, Page, Reading, TextLine, failed_reading
from shared.reading.worker import PageDone, ReadingCancelled
from shared.templates import AUTO, Template, template_named
from tests.syncserver.desktop import PATIENT, SQUARE


def document(**script: Any) -> bytes:
    """A document that is read as `script` says."""
    return b"%PDF-" + json.dumps(script).encode()


class ScriptedReader:
    """The port, by script."""

    def __init__(self) -> None:
        self._cancelled = Event()
        self._own: tuple[Template, ...] = ()

    def follow(self, templates: tuple[Template, ...]) -> None:
        """As the port says."""
        self._own = templates

    def read(
        self,
        payload: bytes,
        file_name: str,
        template: str = "auto",
        on_page: Callable[[PageDone], None] | None = None,
        unwanted: Event | None = None,
    ) -> Reading:
        """As the script says."""
        self._cancelled.clear()
        script = json.loads(payload.removeprefix(b"%PDF-"))
        pages = int(script.get("pages", 1))
        for number in range(1, pages + 1):
            if self._cancelled.wait(script.get("seconds", 0)) or (unwanted and unwanted.is_set()):
                raise ReadingCancelled
            if on_page:
                on_page(PageDone(number, pages, b"", "image/png"))
        sha256 = hashlib.sha256(payload).hexdigest()
        if error := script.get("error") or _next_of(script):
            return failed_reading(file_name, sha256, error, f"{file_name}: It could not be read.")
        return _reading(file_name, sha256, pages, script.get("looks_like", template), self._own)

    def cancel(self) -> None:
        """As the port says."""
        self._cancelled.set()

    def close(self) -> None:
        """As the port says."""


def _next_of(script: dict[str, Any]) -> str | None:
    errors = script.get("errors")
    if not errors:
        return None
    tries = Path(script["tries"])
    tried = len(tries.read_text()) if tries.exists() else 0
    tries.write_text("x" * (tried + 1))
    error: str | None = errors[min(tried, len(errors) - 1)]
    return error


def _reading(file_name: str, sha256: str, pages: int, template: str, own: tuple[Template, ...]) -> Reading:
    name = FieldValue(PATIENT, PATIENT.upper(), 0.9, 1, SQUARE)
    line = TextLine(f"Patient: {PATIENT}", 0.98, SQUARE)
    followed = template_named("hospice_admission" if template == AUTO else template, own).reference
    return Reading(
        file_name=file_name,
        sha256=sha256,
        page_count=pages,
        document_type=followed.name,
        document_type_confidence=0.93,
        template=followed,
        pages=tuple(Page(number, 1700, 2200, 200, 0, 0.0, (line,)) for number in range(1, pages + 1)),
        fields={"patient_name": name, "npi": None},
    )


def wait_until(settled: Callable[[], bool], seconds: float = 30) -> None:
    """Returns once `settled`; fails when that takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while not settled():
        assert time.monotonic() < deadline, "it did not settle"
        time.sleep(0.02)
