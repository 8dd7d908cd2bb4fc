"""Reading itself, tried: a page of one word goes the way that every page goes."""

from collections.abc import Iterable
from importlib.resources import files
from time import monotonic

from shared.doctor.finding import Finding
from shared.reading.worker import ReadingProcess

_PAGE, _WORD = "page.png", "chartdrop"
_SLOW_S = 30.0  # with starting the process and loading its models: 2 to 4 s on a machine of 2020


def reading(process: ReadingProcess | None = None) -> Iterable[Finding]:
    """Whether a process reads what stands on a page."""
    began = monotonic()
    with process or ReadingProcess() as reader:
        result = reader.read(files("shared.doctor").joinpath(_PAGE).read_bytes(), _PAGE)
    took = monotonic() - began
    text = " ".join(line.text for page in result.pages for line in page.lines).lower()
    if result.error:
        yield Finding(
            "reading", "fault", result.error.message, "Install Chartdrop again; if that is no help, report it."
        )
    elif _WORD not in text:
        yield Finding("reading", "fault", "A test page was not read right.", "Install Chartdrop again, then report it.")
    elif took > _SLOW_S:
        yield Finding("reading", "warning", f"A test page took {took:.0f} s.", "See what else keeps this machine busy.")
    else:
        yield Finding("reading", "well", f"A test page was read in {took:.1f} s, with starting the reader.")
