"""Every field that is not right, with what stands near it on the page: for people who want to know why."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape

from shared.documents import TextLine, bounds
from shared.reading.extraction import SeenPage
from tests.quality.extraction.comparing import folded, likeness
from tests.quality.extraction.run import Result
from tests.quality.extraction.scoring import Judgement, Outcome

_NEAREST = 3  # lines shown
_COLOUR = {Outcome.WRONG: "red", Outcome.MADE_UP: "magenta", Outcome.MISSED: "yellow", Outcome.RIGHT: "green"}


def show_errors(console: Console, results: Iterable[Result], *, everything: bool = False) -> None:
    """A paragraph for each value that is not right, or with `everything` for each value."""
    for result in results:
        shown = [one for one in result.judgements if everything or one.outcome is not Outcome.RIGHT]
        document = result.document
        wrong_type = not result.type_right
        if not (shown or wrong_type or result.error):
            continue
        title = f"{document.name}  {document.truth.document_type}, {document.family}, {document.damage}"
        console.print(
            f"\n[bold]{escape(title)}[/]", f"taken for {result.document_type}" if wrong_type else "", result.error or ""
        )
        for judgement in shown:
            _show(console, judgement, result.pages)


def show_lines(console: Console, result: Result) -> None:
    """What was read, line by line."""
    for page in result.pages:
        for line in page.page.lines:
            box = bounds(line.polygon)
            console.print(
                f"{page.page.number} {box.left:5.0f} {box.top:5.0f}  {line.confidence:.2f}  {line.text}", markup=False
            )


def _show(console: Console, judgement: Judgement, pages: Iterable[SeenPage]) -> None:
    place = judgement.field if judgement.row is None else f"{judgement.field}[{judgement.row}]"
    console.print(f"  [{_COLOUR[judgement.outcome]}]{judgement.outcome:8}[/] {escape(place)} ({judgement.kind})")
    if judgement.canonical is not None:
        console.print(f"      truth {judgement.canonical!r}, printed {judgement.printed!r}", markup=False)
    if judgement.found:
        cell = judgement.found
        told = f"      found {cell.value!r} in {cell.text!r}, {cell.confidence:.3f}, page {cell.page}, {cell.source}"
        console.print(told, markup=False)
    if judgement.outcome in (Outcome.WRONG, Outcome.MISSED):
        wanted = judgement.printed if judgement.printed is not None else judgement.canonical
        for _, page, line in sorted(_alike(wanted, pages), key=lambda one: -one[0])[:_NEAREST]:
            box = bounds(line.polygon)
            console.print(
                f"      read  {line.text!r}, {line.confidence:.2f}, page {page} at {box.left:.0f} {box.top:.0f}",
                markup=False,
            )


def _alike(wanted: object, pages: Iterable[SeenPage]) -> Iterator[tuple[float, int, TextLine]]:
    """Each line that has something of what is wanted, and how much."""
    text = folded(", ".join(map(str, wanted)) if isinstance(wanted, (list, tuple)) else str(wanted), "text")
    for page in pages:
        for line in page.page.lines:
            there = folded(line.text, "text")
            alike = 1.0 if text and text in there else likeness(there, text, "text")
            if alike >= 0.3:
                yield alike, page.page.number, line
