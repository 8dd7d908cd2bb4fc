"""Chartdrop beside its peers: the same pages, the same run, each engine in an environment of its own.

`make bench-ocr` takes a quarter to half an hour on two quiet processors. Environments are made once, in
build/bench/envs.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, TypeVar

from rich.console import Console
from rich.progress import Progress

from tests.quality.ocr.benchmark import Bench, EngineResult, PageResult, measure, measure_steps
from tests.quality.ocr.born_digital import measure_born_digital
from tests.quality.ocr.corpus import KINDS, ROOT, choose, draw_letter_pages, draw_pages, find_sources
from tests.quality.ocr.drive import EngineFailed
from tests.quality.ocr.engines import CHARTDROP, ENGINES, Engine, EngineUnavailable
from tests.quality.ocr.report import as_json, as_markdown, born_digital_table, tables
from tests.quality.tables import show, this_machine

_PAGES_A_CLASS = 8  # what all engines read in less than 15 minutes on two processors
_FOLDER = ROOT / "build" / "bench" / "ocr"
_FILE_WIDTH = 160  # characters a line, where the output is no terminal
T = TypeVar("T")


def main() -> int:
    """Measures, prints the tables and writes them; 1 when an engine that was asked for could not be measured."""
    asked = _arguments()
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
    engines = [engine for engine in ENGINES if engine.name in asked.engines]
    bench = _bench(asked.classes, asked.pages, asked.out)
    if not bench.pages:
        console.print("There are no pages of these classes whose text is known.")
        return 1
    machine = this_machine()
    console.print(f"{len(bench.pages)} pages, {len(engines)} engines, load {machine.load:.1f} on {machine.cores} cores")
    with (asked.out / "pages.jsonl").open("w") as raw:
        results = [result for engine in engines if (result := _measured(engine, bench, console, raw)) is not None]
        steps = _without_steps(bench, console, raw) if CHARTDROP in engines else {}
    shown = tables(results, steps) if results else []
    if CHARTDROP in engines:
        shown.append(born_digital_table(measure_born_digital()))
    show(console, shown)
    (asked.out / "summary.json").write_text(as_json(machine, results, steps))
    (asked.out / "summary.md").write_text(as_markdown(machine, results, shown))
    console.print(f"Written to {asked.out}")
    return 0 if len(results) == len(engines) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.ocr", description=(__doc__ or "").splitlines()[0])
    names = [engine.name for engine in ENGINES]
    parser.add_argument("--engines", type=_some_of(names), default=names, help=",".join(names))
    parser.add_argument("--classes", type=_some_of(KINDS), default=KINDS, help=",".join(KINDS))
    parser.add_argument("--pages", type=int, default=_PAGES_A_CLASS, help="the most of each class; 0 for all")
    parser.add_argument("--out", type=Path, default=_FOLDER, help="where results go")
    return parser.parse_args()


def _some_of(known: Sequence[str]) -> Callable[[str], list[str]]:
    def chosen(given: str) -> list[str]:
        names = given.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}")
        return names

    return chosen


def _bench(kinds: Sequence[str], most: int, out: Path) -> Bench:
    sources = find_sources()
    pages = draw_pages(choose(sources, kinds, most), out / "pages")
    return Bench(pages, draw_letter_pages(sources, out / "pages"), out, _FOLDER.parent)


def _measured(engine: Engine, bench: Bench, console: Console, raw: IO[str]) -> EngineResult | None:
    try:
        result = _told(engine.title, bench, console, raw, lambda told: measure(engine, told))
    except (EngineUnavailable, EngineFailed) as reason:
        console.print(f"{engine.title}: left out. {reason}", markup=False)
        return None
    console.print(f"{engine.title}: {result.pace:.2f} pages/s, {result.failed} pages failed")
    return result


def _without_steps(bench: Bench, console: Console, raw: IO[str]) -> dict[str, tuple[PageResult, ...]]:
    return _told("Chartdrop without its steps", bench, console, raw, measure_steps)


def _told(title: str, bench: Bench, console: Console, raw: IO[str], work: Callable[[Bench], T]) -> T:
    """What `work` gives; its pages are counted on the terminal and written to `raw` while it runs."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=len(bench.pages))

        def on_page(page: PageResult) -> None:
            progress.advance(task)
            raw.write(json.dumps(asdict(page)) + "\n")
            raw.flush()  # a run that is broken off leaves what it read

        return work(replace(bench, on_page=on_page))


if __name__ == "__main__":
    sys.exit(main())
