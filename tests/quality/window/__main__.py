"""The window measured: until it is up, to the next doubtful field, to the next page, and its heartbeat while reading.

`make bench-window` takes some minutes; with --pages 200 a quarter of an hour and more.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pydantic import SecretStr
from rich.console import Console

from desktop.services import open_workspace
from desktop.settings import Settings
from desktop.ui.application import make_application
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.operation import finish_operations
from tests.quality.tables import Table, markdown, show, this_machine
from tests.quality.window import opening, working
from tests.quality.window.reading import beat_while_reading
from tests.quality.window.working import Taken
from tests.ui.shelf import Shelf

_FOLDER = Path(__file__).parents[3] / "build" / "bench" / "window"
_FIELD, _PAGE, _STALL, _FRAME = 0.05, 0.1, 0.05, 0.05  # seconds that must not be passed
_TIMES_BARE, _MORE = 1.5, 1.0  # a bare window's time, and seconds
_THICK, _SCREENS, _OPENINGS = 12, 120, 5


def main() -> int:
    """Measures, prints the tables and writes them; 1 when something is not reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.window", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=20, help="pages that are read and synced")
    asked = parser.parse_args()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        rows = [*_opened(Path(place)), *_worked(Path(place), asked.pages)]
    cells = tuple(
        (row.what, *map(_milliseconds, (row.median, row.worst, row.own, row.bound)), row.said) for row in rows
    )
    note = (
        "By the clock on the wall, and the worst of the window's own thread: on a busy machine the first says little."
    )
    columns = ("what", "median ms", "worst ms", "own worst ms", "bound ms", "reached")
    table = Table("The window", note, columns, cells)
    show(Console(width=None if sys.stdout.isatty() else 160), (table,))
    (_FOLDER / "summary.md").write_text(markdown("The window", this_machine(), (table,)))
    return 0 if all(row.is_reached for row in rows) else 1


@dataclass(frozen=True, slots=True)
class _Row:
    """Something that was timed, in seconds; `own` is the worst of the window's thread, None of another process.

    The bound is on the `worst`, or `by_own` on that of the window's thread: readers leave it no processor."""

    what: str
    median: float
    worst: float
    own: float | None
    bound: float | None
    by_own: bool = False

    @property
    def is_reached(self) -> bool:
        judged = self.own if self.by_own and self.own is not None else self.worst
        return self.bound is None or judged < self.bound

    @property
    def said(self) -> str:
        return "" if self.bound is None else "yes" if self.is_reached else "no"


def _milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{1000 * seconds:.0f}"


def _row(what: str, taken: Taken, bound: float | None, *, by_own: bool = False) -> _Row:
    own = max(taken.own) if taken.own else None
    return _Row(what, sorted(taken.wall)[len(taken.wall) // 2], max(taken.wall), own, bound, by_own)


def _settings(place: Path) -> Settings:
    return Settings(
        data_dir=place / "data", passphrase=SecretStr(opening.PASSPHRASE), key_storage="passphrase", workers=1
    )


def _opened(place: Path) -> list[_Row]:
    shelf = Shelf(_settings(place))
    for number in range(40):
        shelf.waiting(f"fax-{number}.tif")
    shelf.close()
    bare = opening.time_bare(_OPENINGS, place / "compiled")
    bound = _TIMES_BARE * sorted(bare)[len(bare) // 2] + _MORE
    ours = opening.time_ours(_settings(place).data_dir, _OPENINGS, place / "compiled")
    return [
        _row("a bare PySide6 window is up", Taken(bare), None),
        _row("the window is up, its list filled", Taken(ours), bound),
    ]


def _worked(place: Path, pages: int) -> list[_Row]:
    settings = _settings(place / "work")
    make_application()
    shelf = Shelf(settings)
    doubtful, thick = working.all_doubtful(shelf), working.thick(shelf, _THICK)
    workspace = open_workspace(settings, lambda: None)
    window = MainWindow(workspace, WindowMemory(settings.data_dir))
    window.show()
    working.open_document(window, workspace, doubtful)
    rows = [_row("the next doubtful field is in hand", working.time_fields(window), _FIELD)]
    working.open_document(window, workspace, thick)
    rows.append(_row("a 300 dpi page is turned", working.time_pages(window, thick, _THICK), _PAGE))
    window.review.leave()
    rows.append(_row(f"a screen of {working.ROWS:,} rows is drawn", working.time_rows(window, _SCREENS), _FRAME))
    rows.append(_row(f"{working.ROWS:,} rows are narrowed by a letter", working.time_narrowing(window), _FRAME))
    window.inbox.filters.clear()
    window.feed.load()
    heart = beat_while_reading(window, workspace, place, pages)
    beats = Taken(heart.waits, heart.turns)
    rows.append(_row(f"a turn of the event loop while {pages} pages are read and synced", beats, _STALL, by_own=True))
    window.close()
    finish_operations()
    workspace.close()
    shelf.close()
    window.deleteLater()
    working.rest(0.05)
    return rows


if __name__ == "__main__":
    sys.exit(main())
