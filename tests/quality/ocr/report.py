"""The figures as tables and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from tests.quality.ocr.benchmark import EngineResult, PageResult, characters_of, words_of
from tests.quality.ocr.born_digital import BornDigitalPace
from tests.quality.ocr.corpus import KINDS
from tests.quality.ocr.engines import CHARTDROP
from tests.quality.tables import Machine, Table, markdown

_MEGABYTE = 1_000_000
_NONE = "–"


def tables(results: Sequence[EngineResult], without: Mapping[str, Sequence[PageResult]]) -> list[Table]:
    """All tables of a run; `without` holds Chartdrop's pages with each of its steps left out."""
    made = [_speed(results), *_quality(results)]
    chartdrop = next((result for result in results if result.engine == CHARTDROP), None)
    if chartdrop is not None and without:
        made.append(_steps(chartdrop.pages, without))
    return made


def born_digital_table(pace: BornDigitalPace) -> Table:
    """The pace of PDFs that carry their text, beside taking that text out and no more."""
    figures = (pace.words_a_page, pace.chartdrop, pace.chartdrop_all_cores, pace.bare_text)
    row = ("Chartdrop", *(f"{figure:.1f}" for figure in figures))
    return Table(
        "Born-digital PDFs",
        f"{pace.pages} generated pages; pages a second of one processor's time, Chartdrop's with drawing, proof and "
        "fields, and on the clock with a document for each processor; bare: pypdfium2's text, of one processor's time, "
        "with nothing to show that the page says so.",
        ("reader", "words a page", "pages/s", "pages/s, cores", "bare text, pages/s"),
        (row,),
    )


def as_markdown(machine: Machine, results: Sequence[EngineResult], shown: Sequence[Table]) -> str:
    """The whole run as a document."""
    versions = (
        f"- {result.engine.title}: " + ", ".join(f"{name} {version}" for name, version in result.versions.items())
        for result in results
    )
    return markdown("Reading, measured", machine, shown) + "\n## Versions\n\n" + "\n".join(versions) + "\n"


def as_json(machine: Machine, results: Sequence[EngineResult], without: Mapping[str, Sequence[PageResult]]) -> str:
    """The figures of the run, without its pages."""
    summary = {
        "machine": asdict(machine),
        "engines": {result.engine.name: _summary(result) for result in results},
        "without_step": {step: _by_kind(pages) for step, pages in without.items()},
    }
    return json.dumps(summary, indent=1) + "\n"


def _summary(result: EngineResult) -> dict[str, Any]:
    return {
        "versions": result.versions,
        "seconds_a_page": result.seconds_a_page,
        "pages_a_second_one_process": result.pace_one_process,
        "pages_a_second_all_cores": result.pace_all_cores,
        "cold_start_seconds": result.cold_start_seconds,
        "peak_bytes": result.peak_bytes,
        "peak_bytes_letter_300dpi": result.peak_letter_bytes,
        "failed_pages": result.failed,
        "all": _figures(result.pages),
        "by_kind": _by_kind(result.pages),
    }


def _by_kind(pages: Sequence[PageResult]) -> dict[str, dict[str, float | None]]:
    return {kind: _figures(_of_kind(pages, kind)) for kind in _kinds(pages)}


def _figures(pages: Sequence[PageResult]) -> dict[str, float | None]:
    words, characters = words_of(pages), characters_of(pages)
    return {
        "pages": len(pages),
        "seconds_a_page": fmean(page.seconds for page in pages),
        "word_recall": words.recall,
        "word_precision": words.precision,
        "character_error_rate": characters.rate if characters else None,
    }


def _speed(results: Sequence[EngineResult]) -> Table:
    ours = next((result.pace for result in results if result.engine == CHARTDROP), None)
    rows = tuple(
        (
            result.engine.title,
            f"{result.seconds_a_page:.2f}",
            f"{result.pace_one_process:.2f}",
            f"{result.pace_all_cores:.2f}",
            f"{ours / result.pace:.2f}×" if ours else _NONE,
            f"{result.cold_start_seconds:.2f}",
            f"{result.peak_bytes / _MEGABYTE:.0f}",
            f"{result.peak_letter_bytes / _MEGABYTE:.0f}",
            str(result.failed),
        )
        for result in results
    )
    return Table(
        "Speed and size",
        "pages/s: one process with all threads, and one-threaded processes, one a core. Chartdrop: how many times the "
        "pages of this engine it reads, each in its better way. Cold: from the start of the process to the first page. "
        "MB: peak of one process over all pages, and over letter pages at 300 dpi.",
        ("engine", "s/page", "pages/s", "pages/s, cores", "Chartdrop", "cold, s", "MB", "MB, 300 dpi", "failed"),
        rows,
    )


def _quality(results: Sequence[EngineResult]) -> list[Table]:
    names = tuple(result.engine.name for result in results)
    kinds = _kinds([page for result in results for page in result.pages])
    return [
        Table("Word recall, %", _COMPARED, ("class", "pages", *names, *_LEAD), _word_rows(results, kinds, "recall")),
        Table(
            "Word precision, %", _COMPARED, ("class", "pages", *names, *_LEAD), _word_rows(results, kinds, "precision")
        ),
        Table(
            "Character error rate, %",
            "Over text laid out in rows; classes whose pages lie level and upright.",
            ("class", "pages", *names),
            _character_rows(results, kinds),
        ),
    ]


_LEAD = ("over best peer",)
_COMPARED = "Chartdrop's lead over the best of the others, in points."


def _word_rows(results: Sequence[EngineResult], kinds: Sequence[str], measure: str) -> tuple[tuple[str, ...], ...]:
    rows = []
    for kind in (*kinds, "all"):
        shares = {
            result.engine: 100 * float(getattr(words_of(_of_kind(result.pages, kind)), measure)) for result in results
        }
        peers = [share for engine, share in shares.items() if engine != CHARTDROP]
        lead = f"{shares[CHARTDROP] - max(peers):+.1f}" if CHARTDROP in shares and peers else _NONE
        count = str(len(_of_kind(results[0].pages, kind)))
        rows.append((kind, count, *(f"{share:.1f}" for share in shares.values()), lead))
    return tuple(rows)


def _character_rows(results: Sequence[EngineResult], kinds: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    rows = []
    for kind in (*kinds, "all"):
        scores = [characters_of(_of_kind(result.pages, kind)) for result in results]
        if any(scores):
            count = sum(page.characters is not None for page in _of_kind(results[0].pages, kind))
            rates = (f"{100 * score.rate:.2f}" if score else _NONE for score in scores)
            rows.append((kind, str(count), *rates))
    return tuple(rows)


def _steps(whole: Sequence[PageResult], without: Mapping[str, Sequence[PageResult]]) -> Table:
    rows = []
    for kind in (*_kinds(whole), "all"):
        kept = _figures(_of_kind(whole, kind))
        cells = (_gain(kept, _figures(_of_kind(pages, kind))) for pages in without.values())
        rows.append((kind, *cells))
    return Table(
        "What each step of Chartdrop costs and brings",
        "Milliseconds a page that it costs and points of word recall that it brings, against reading without it.",
        ("class", *without),
        tuple(rows),
    )


def _gain(kept: Mapping[str, float | None], left_out: Mapping[str, float | None]) -> str:
    cost = 1000 * ((kept["seconds_a_page"] or 0) - (left_out["seconds_a_page"] or 0))
    points = 100 * ((kept["word_recall"] or 0) - (left_out["word_recall"] or 0))
    return f"{cost:+.0f} ms, {points:+.1f}"


def _of_kind(pages: Sequence[PageResult], kind: str) -> list[PageResult]:
    return [page for page in pages if kind in ("all", page.kind)]


def _kinds(pages: Sequence[PageResult]) -> list[str]:
    there = {page.kind for page in pages}
    return [kind for kind in KINDS if kind in there]
