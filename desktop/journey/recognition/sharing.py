"""How the machine's processors are shared out among those that read."""

from desktop.settings import Settings
from shared.reading.settings import MEGABYTE, Limits, ReadingSettings, processors


def reading_settings(settings: Settings, readers: int) -> ReadingSettings:
    """How each of `readers` processes reads that work at the same time; one alone has every processor.

    Several have a thread each: a page takes 2.0 s of processor time with one thread and 3.3 s with two, as waiting
    threads spin."""
    limits = Limits(file_bytes=settings.max_file_mb * MEGABYTE)
    return ReadingSettings(limits=limits, threads=max(1, processors() // readers))
