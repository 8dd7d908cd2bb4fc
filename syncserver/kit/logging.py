"""Structured logs on standard error: an event's name and ids, never a document's text or a patient's name."""

import logging
import sys
import traceback

import structlog
from structlog.typing import FilteringBoundLogger

log: FilteringBoundLogger = structlog.get_logger("chartdrop.server")


def configure_logging(level: str) -> None:
    """Everything logged from now on is one line on standard error: JSON, or coloured for a person at a terminal."""
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    stamps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*stamps, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=stamps))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def fault_of(error: BaseException) -> dict[str, str]:
    """What the log may hold of `error`: its type and where it was raised. Its message may quote a document."""
    places = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__qualname__,
        "at": " < ".join(f"{place.filename}:{place.lineno} {place.name}" for place in reversed(places[-8:])),
    }
