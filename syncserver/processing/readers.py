"""The real reader: a process of its own for every document's bytes. This side imports no decoder and no OCR."""

from shared.reading.settings import MEGABYTE, Limits, ReadingSettings, processors
from shared.reading.worker import ReadingProcess
from syncserver.settings import Settings


def reading_process(settings: Settings) -> ReadingProcess:
    """A reader that takes what the server takes, and as long as the soft limit says."""
    reading = ReadingSettings(
        limits=Limits(file_bytes=settings.max_upload_mb * MEGABYTE),
        threads=max(1, processors() // max(1, settings.workers)),
        document_seconds=settings.soft_limit_s,
    )
    return ReadingProcess(reading)
