"""What extraction finds on documents whose truth is known: how right, how sure of itself, how fast.

`make bench-extraction`. What was seen on a page is kept in build/bench/extraction/cache: a run after a change of
extraction or templates alone takes seconds.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from shared.templates import template_names
from tests.quality.extraction.corpus import SETS, Document, Json, Wanted, documents_of
from tests.quality.extraction.errors import show_errors, show_lines
from tests.quality.extraction.figures import draw_set
from tests.quality.extraction.generator import fonts
from tests.quality.extraction.linking import TEMPLATE, LinkScore, funsd_documents, funsd_scores
from tests.quality.extraction.progress import counted
from tests.quality.extraction.report import as_json, linking_table, summary, tables
from tests.quality.extraction.run import Result, run
from tests.quality.ocr.corpus import ROOT
from tests.quality.tables import Table, markdown, show, this_machine

_FOLDER = ROOT / "build" / "bench" / "extraction"
_FILE_WIDTH = 160  # characters a line, where the output is no terminal
_COUNT = 60  # documents that are laid out for each of `generated` and `held-back`: a few minutes on two processors
_BRIEF = ("By class of damage", "By document type", "By kind of field", "Confidence", "Types", "Places", "Documents")
_FUNSD = "funsd"


def main() -> int:
    """Measures, prints the tables and writes them."""
    asked = _arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH, highlight=False)
    if fonts.missing():
        console.print("Typefaces that are not installed here, and that others stand in for:", *fonts.missing())
    machine = this_machine()
    links: dict[str, LinkScore] = {}
    figures: dict[str, Json] = {}
    written: list[Table] = []
    for of_set in asked.set:
        documents = list(_chosen(of_set, asked))
        if not documents:
            console.print(f"{of_set}: there are no such documents here.")
            continue
        with counted(of_set, len(documents), console) as on_document:
            results = run(documents, on_document, fresh=asked.fresh)
        if of_set == _FUNSD:
            links = funsd_scores(results)
            shown = [linking_table(links)]
        else:
            figures[of_set] = summary(results)
            shown = [replace(table, title=f"{of_set}: {table.title}") for table in tables(results)]
            draw_set(results, of_set, asked.out)
        _print(console, results, shown, asked)
        written.extend(shown)
    (asked.out / "summary.json").write_text(as_json(machine, figures, links))
    (asked.out / "summary.md").write_text(markdown("Extraction, measured", machine, written))
    console.print(f"Written to {asked.out}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.quality.extraction", description=(__doc__ or "").splitlines()[0]
    )
    known = (*SETS, _FUNSD)
    parser.add_argument("--set", nargs="+", choices=known, default=known, help="which documents")
    parser.add_argument("--kinds", nargs="+", default=(), metavar="TYPE", help="document types; all unless given")
    parser.add_argument("--families", nargs="+", default=(), metavar="FAMILY", help="families of generated layouts")
    parser.add_argument("--damages", nargs="+", default=(), metavar="DAMAGE", help="how documents are spoilt")
    parser.add_argument("--document", nargs="+", default=(), metavar="NAME", help="only these, shown line by line")
    parser.add_argument("--count", type=int, default=_COUNT, help="documents laid out for each set of them")
    parser.add_argument("--seed", type=int, default=1, help="of the documents laid out")
    parser.add_argument("--errors", action="store_true", help="show every value that is not right, and why")
    parser.add_argument("--all-tables", action="store_true", help="print what is otherwise written to summary.md alone")
    parser.add_argument("--fresh", action="store_true", help="read every page again")
    parser.add_argument("--out", type=Path, default=_FOLDER, help="where results go")
    return parser.parse_args()


def _chosen(of_set: str, asked: argparse.Namespace) -> Iterable[Document]:
    if of_set == _FUNSD:
        if TEMPLATE not in template_names():
            return []
        return [one for one in funsd_documents() if not asked.document or one.name in asked.document]
    wanted = Wanted(asked.count, asked.seed, asked.kinds, asked.families, asked.damages)
    found = documents_of(of_set, wanted)
    return [
        one
        for one in found
        if not asked.document or one.name in asked.document or Path(one.name).stem in asked.document
    ]


def _print(console: Console, results: Sequence[Result], shown: Sequence[Table], asked: argparse.Namespace) -> None:
    if asked.document:
        for result in results:
            show_lines(console, result)
    if asked.errors or asked.document:
        show_errors(console, results, everything=bool(asked.document))
    brief = [table for table in shown if asked.all_tables or table.title.partition(": ")[2] in ("", *_BRIEF)]
    show(console, brief)


if __name__ == "__main__":
    sys.exit(main())
