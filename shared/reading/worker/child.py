"""The process in which untrusted bytes are parsed. Started by `process.ReadingProcess`, never by hand.

It speaks frames (`frames.py`) over its standard streams, keeps no network, writes below its own temporary folder
only, and ends with its parent: the end of standard input is the end of the process.
"""

import gc
import os
import shutil
import signal
import socket
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from shared.clock import Clock, system_clock
from shared.documents import TextLine
from shared.errors import ChartdropError
from shared.reading import extraction
from shared.reading.ocr.engine import OcrEngine, Picture, Upright
from shared.reading.pipeline import ReadPage, Submission, draw_document, read_document
from shared.reading.settings import ReadingSettings, settings_from_json, templates_from_json
from shared.reading.worker.confinement import allow_processor_seconds, confine
from shared.reading.worker.frames import Frame, read_frame, write_frame
from shared.reading.worker.page_pictures import encode_page
from shared.wire.v1.readings import reading_to_json


def main() -> None:
    """Serves one parent until it closes standard input."""
    commands, answers = _private_streams()
    scratch = Path(os.environ["TMPDIR"])
    socket.has_ipv6 = False  # else urllib3, which PaddleX imports and never uses here, opens a socket to find out
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to decide
    first = read_frame(commands)
    if first is None:
        return
    settings = settings_from_json(first.body)
    confine(settings)
    frames: SimpleQueue[Frame] = SimpleQueue()
    Thread(target=_listen, args=(commands, frames, scratch), daemon=True).start()
    engine = _LateEngine(settings, scratch)
    while True:
        command = frames.get()
        if command.kind == "warm":
            engine.warm_up()
            extraction.warm_up(settings.templates)
            keep_for_good()
            write_frame(answers, "warm")
        elif command.kind == "templates":  # those of the document that comes next
            settings = replace(settings, templates=templates_from_json(command.body))
        else:
            allow_processor_seconds(settings.document_seconds * (os.cpu_count() or 1))
            if command.kind == "draw":
                _draw(command, settings, answers)
                continue
            _serve(command, engine, settings, system_clock, answers)


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The parent's two pipes, out of the libraries' reach: what they print goes nowhere."""
    commands = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return commands, answers


def _listen(commands: BinaryIO, frames: "SimpleQueue[Frame]", scratch: Path) -> None:
    """Hands on what the parent sends; when the parent is gone, so is this process, and its folder."""
    while (frame := read_frame(commands)) is not None:
        frames.put(frame)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


class _LateEngine:
    """The OCR engine, loaded when a page first needs it: most bad files never do."""

    def __init__(self, settings: ReadingSettings, scratch: Path) -> None:
        self._settings = settings
        self._scratch = scratch
        self._engine: OcrEngine | None = None

    def warm_up(self) -> None:
        """The models are loaded; where they are missing, the first document will say so."""
        with suppress(ChartdropError):
            self._loaded()

    def read_lines(self, picture: Picture) -> tuple[TextLine, ...]:
        """As the port says. Raises ModelsMissing."""
        return self._loaded().read_lines(picture)

    def find_upright(self, picture: Picture) -> Upright:
        """As the port says. Raises ModelsMissing."""
        return self._loaded().find_upright(picture)

    def _loaded(self) -> OcrEngine:
        if self._engine is None:
            from shared.reading.ocr.paddle import PaddleEngine

            self._engine = PaddleEngine(self._settings.models_dir, self._settings.threads, self._scratch)
            keep_for_good()
        return self._engine


def keep_for_good() -> None:
    """What was loaded by now stays: to look through all of it for garbage takes a fifth of a page's extraction."""
    gc.collect()
    gc.freeze()


def _serve(command: Frame, engine: OcrEngine, settings: ReadingSettings, clock: Clock, answers: BinaryIO) -> None:
    submission = Submission(
        command.body,
        str(command.header["file_name"]),
        str(command.header["template"]),
        today=clock().astimezone().date(),
    )
    reading = read_document(submission, engine, settings, partial(_send_page, answers))
    write_frame(answers, "reading", reading_to_json(reading))


def _draw(command: Frame, settings: ReadingSettings, answers: BinaryIO) -> None:
    rotations = [int(rotation) for rotation in str(command.header["rotations"]).split()]
    try:
        draw_document(command.body, rotations, settings, partial(_send_page, answers))
    except ChartdropError as error:
        write_frame(answers, "drawn", fault=error.message)
    except Exception as error:  # a decoder's own
        write_frame(answers, "drawn", fault=f"Its pages could not be drawn ({type(error).__name__}).")
    else:
        write_frame(answers, "drawn")


def _send_page(answers: BinaryIO, read: ReadPage) -> None:
    image, media_type = encode_page(read.picture, read.bilevel)
    write_frame(answers, "page", image, number=read.page.number, page_count=read.page_count, media_type=media_type)


if __name__ == "__main__":
    main()
