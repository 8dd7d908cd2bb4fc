"""What reading may cost, and where its models are."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from shared.templates import Template

MEGABYTE = 1_000_000


def processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # respects a container's share; Linux alone has it
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest input that is read; anything above gets an error that names the limit."""

    file_bytes: int = 50 * MEGABYTE
    pages: int = 500
    page_pixels: int = 100 * MEGABYTE  # a flat-bed A3 at 600 dpi has 70 megapixels
    side_pixels: int = 10_000
    pdf_dpi: int = 200  # what the models were measured at; a larger PDF page is drawn at a lower resolution
    pdf_side_pixels: int = 4_000  # longest side of a drawn PDF page: legal paper at 200 dpi has 2800
    poppler_seconds: int = 60  # by the clock, for each call of the second opinion on a PDF
    poppler_bytes: int = 1_000_000_000  # of its address space: an A3 page at 200 dpi takes a tenth


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """The steps between a page's pixels and its recognition, each taken only where the page has need of it.

    What each costs and gains, and which others were refused: `decisions/preprocessing.md`.
    """

    skip_blank: bool = True  # a page on which nothing stands is not recognised
    turn_upright: bool = True  # by quarters
    deskew: bool = True  # up to 10 degrees
    flatten_photos: bool = True  # a sheet photographed on a darker desk is seen from straight above
    clean_specks: bool = True  # of black-on-white pages: copies and faxes
    raise_contrast: bool = True  # of pages with greys


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How a reading process works. Times in seconds, memory in bytes of address space."""

    limits: Limits = field(default_factory=Limits)
    preprocessing: Preprocessing = field(default_factory=Preprocessing)
    templates: tuple[Template, ...] = ()  # a clinic's own, beside those that come with the product
    models_dir: Path | None = None  # None: CHARTDROP_MODELS_DIR, else the folder beside the code
    threads: int = 0  # of one inference; 0: as many as it may use processors
    start_seconds: float = 120.0  # a cold start takes 2 s; a busy laptop waking up, much longer
    page_seconds: float = 120.0  # an ordinary page takes 1 s, the densest newspaper page 20 s
    document_seconds: float = 3_600.0
    recycle_pages: int = 500  # after which a process is replaced between two documents, as others grow by leaks
    recycle_bytes: int = 1_200_000_000  # resident memory above which it is replaced, too; 0.75 GB is ordinary
    # A page of 98 megapixels in colour takes 2.2 GB of addresses, an ordinary one 1.7; each thread adds some 0.1.
    memory_bytes: int = 4_000_000_000


_SETTINGS: TypeAdapter[ReadingSettings] = TypeAdapter(ReadingSettings)
_TEMPLATES: TypeAdapter[tuple[Template, ...]] = TypeAdapter(tuple[Template, ...])


def settings_to_json(settings: ReadingSettings) -> bytes:
    """`settings` as JSON, for the reading process."""
    return _SETTINGS.dump_json(settings, by_alias=True)


def settings_from_json(payload: bytes) -> ReadingSettings:
    """What `settings_to_json` wrote. Raises pydantic.ValidationError on anything else."""
    return _SETTINGS.validate_json(payload)


def templates_to_json(templates: tuple[Template, ...]) -> bytes:
    """`templates` as JSON, for the reading process."""
    return _TEMPLATES.dump_json(templates, by_alias=True)


def templates_from_json(payload: bytes) -> tuple[Template, ...]:
    """What `templates_to_json` wrote. Raises pydantic.ValidationError on anything else."""
    return _TEMPLATES.validate_json(payload)
