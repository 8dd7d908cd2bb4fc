"""The log in the data directory: event names, ids and kinds of faults. Never a file's name, a text, a message of a
library, or anything else that could speak of a patient."""

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

from desktop.vault.files import make_private_folder
from desktop.vault.folder import DataFolder

_MAX_BYTES = 2 * 1024 * 1024
_BACKUPS = 3
_LOGGER = "chartdrop"


def log_to(folder: DataFolder) -> None:
    """Events go to `chartdrop.log`, one JSON object a line; the file is made by the first."""
    logger = logging.getLogger(_LOGGER)
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.addHandler(_PrivateFile(folder.log))
    logger.setLevel(logging.INFO)
    logger.propagate = False
    root = logging.getLogger()
    if not root.handlers:  # what libraries say may name a file: it goes nowhere, and so not to the terminal either
        root.addHandler(logging.NullHandler())
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: logging.getLogger(_LOGGER),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def log_fault(event: str, error: BaseException) -> None:
    """A fault is in the log under `event`: its kind and the places it came through, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).stem}:{frame.lineno} {frame.name}" for frame in frames]
    structlog.get_logger(__name__).error(event, error_type=type(error).__name__, places=places)


class _PrivateFile(RotatingFileHandler):
    """Opens its file with the first event, for the owner alone, and never writes to the terminal."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_MAX_BYTES, backupCount=_BACKUPS, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is None:
            try:
                make_private_folder(Path(self.baseFilename).parent)
                Path(self.baseFilename).touch(mode=0o600)
            except OSError:
                return  # no place to write to; the work itself goes on
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """A full disk must not print tracebacks between results."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)
