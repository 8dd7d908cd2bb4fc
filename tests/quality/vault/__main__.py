"""The encrypted store measured: searching 100,000 pages, opening, and inserting beside plain SQLite.

`make bench-vault` takes ten minutes the first time, to make the store, which stays in build/bench/vault.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.quality.tables import Table, markdown, show, this_machine
from tests.quality.vault.measuring import Inserts, Times, time_inserts, time_openings, time_searches
from tests.quality.vault.pages import invent_language
from tests.quality.vault.stores import make_filled

_FOLDER = Path(__file__).parents[3] / "build" / "bench" / "vault"
_SEARCH_MS, _OPEN_MS, _RATIO = 50.0, 500.0, 1.5  # what must be reached
_FILE_WIDTH = 160


def main() -> int:
    """Measures, prints the tables and writes them; 1 when something is not reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.vault", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=100_000)
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
    _FOLDER.mkdir(parents=True, exist_ok=True)
    language, store = invent_language(random.Random(1)), _FOLDER / f"{asked.pages}-pages"  # noqa: S311 - no secret
    make_filled(store, language, asked.pages, random.Random(2))  # noqa: S311
    searches = time_searches(store, language, random.Random(3))  # noqa: S311
    openings = time_openings(store)
    with tempfile.TemporaryDirectory(dir=_FOLDER) as place:
        inserts = time_inserts(Path(place), language, random.Random(4))  # noqa: S311
    tables = (_searches(searches, asked.pages), _openings(openings, asked.pages), _inserts(inserts))
    show(console, tables)
    (_FOLDER / "summary.md").write_text(markdown("The encrypted store", this_machine(), tables))
    reached = (searches["all"].quantile(0.95) < _SEARCH_MS, openings[0].quantile(1.0) < _OPEN_MS)
    return 0 if all(reached) and all(one.ratio <= _RATIO for one in inserts) else 1


def _searches(searches: dict[str, Times], pages: int) -> Table:
    rows = tuple(
        (kind, str(len(times.taken)), *(f"{times.quantile(share):.1f}" for share in (0.5, 0.95, 1.0)))
        for kind, times in searches.items()
    )
    note = f"The 95th percentile of all must be below {_SEARCH_MS:.0f} ms. Snippets and summaries included."
    return Table(f"Searching {pages:,} pages", note, ("query", "asked", "median ms", "95 % ms", "worst ms"), rows)


def _openings(openings: tuple[Times, Times], pages: int) -> Table:
    names = ("open_vault, argon2id included", "the same in a new process, Python included")
    rows = tuple(
        (name, *(f"{times.quantile(share):.0f}" for share in (0.5, 1.0)))
        for name, times in zip(names, openings, strict=True)
    )
    note = f"The first must be below {_OPEN_MS:.0f} ms."
    return Table(f"Opening a store of {pages:,} documents", note, ("what", "median ms", "worst ms"), rows)


def _inserts(inserts: tuple[Inserts, Inserts]) -> Table:
    names = ("documents taken in and read", "their SQL alone")
    rows = tuple(
        (name, *(f"{sorted(times)[len(times) // 2]:.2f}" for times in (one.plain, one.encrypted)), f"{one.ratio:.2f}×")
        for name, one in zip(names, inserts, strict=True)
    )
    note = f"Same tables and settings, in turns, each durable. Both must be at most {_RATIO}×."
    return Table("Inserting beside plain SQLite", note, ("what", "plain ms", "encrypted ms", "ratio"), rows)


if __name__ == "__main__":
    sys.exit(main())
