"""Fits what confidences are made of, on layouts that are laid out for it; none of the families that are held back.

`python -m tests.quality.extraction.calibrate` writes shared/reading/extraction/calibration.json, and the picture of how
reliable it is on documents that the fit did not see.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from rich.console import Console

from shared.reading.extraction.confidence import Finding
from shared.reading.extraction.record import find_record
from shared.templates import choose_template
from tests.quality.extraction.calibration import automated, brier, calibration_error
from tests.quality.extraction.corpus import Document, Wanted, documents_of
from tests.quality.extraction.figures import draw_reliability
from tests.quality.extraction.fitting import Example, fit, predict_unseen
from tests.quality.extraction.progress import counted
from tests.quality.extraction.reads import Seen, see_all
from tests.quality.extraction.scoring import Outcome, judge
from tests.quality.ocr.corpus import ROOT
from tests.quality.tables import Table, show

_EXTRACTION = ROOT / "shared" / "reading" / "extraction"
_PICTURE = ROOT / "shared" / "reading" / "decisions" / "calibration.png"
_SEED = 1_000  # the benchmark lays out others
_COUNT = 600


def main() -> int:
    """Fits, tells how reliable that is, and writes it."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.extraction.calibrate")
    parser.add_argument("--count", type=int, default=_COUNT, help="documents laid out")
    parser.add_argument("--seed", type=int, default=_SEED)
    asked = parser.parse_args()
    console = Console()
    documents = list(documents_of("generated", Wanted(asked.count, asked.seed)))
    with counted("generated", len(documents), console) as on_document:
        seen = see_all(documents, on_document)
    examples = list(_examples(zip(documents, seen, strict=True)))
    weights = fit(examples)
    unseen = predict_unseen(examples)
    show(console, [_told(examples, unseen)])
    fitted_on = {"documents": len(documents), "values": len(examples), "seed": asked.seed}
    whole = {"fitted_on": fitted_on, "weights": weights}
    (_EXTRACTION / "calibration.json").write_text(json.dumps(whole, indent=1) + "\n")
    right = [example.right for example in examples]
    draw_reliability(unseen, right, "Confidence on documents that the fit did not see", _PICTURE)
    return 0


def _examples(seen: Iterable[tuple[Document, Seen]]) -> Iterator[Example]:
    """Every value found, by the template that the document is taken to follow."""
    for document, one in seen:
        template = choose_template(document.template, [page.page for page in one.pages]).template
        if template is None:
            continue
        for judgement in judge(document, find_record(one.pages, template)):
            cell = judgement.found
            if isinstance(cell, Finding):
                right = judgement.outcome is Outcome.RIGHT
                yield Example(judgement.kind, cell.evidence.features(), right, document.name, cell.evidence.strength)


def _told(examples: list[Example], unseen: list[float]) -> Table:
    """The figures by kind: as strong as the evidence is, and as the fit says of what it did not see."""
    rows = []
    for kind in ["all", *sorted({example.kind for example in examples})]:
        mine = [number for number, example in enumerate(examples) if kind in ("all", example.kind)]
        right = [examples[number].right for number in mine]
        cells = [kind, str(len(mine)), f"{sum(right) / len(right):.3f}"]
        for said in ([examples[number].strength for number in mine], [unseen[number] for number in mine]):
            figures = (calibration_error(said, right), brier(said, right), automated(said, right, 0, 0.01))
            cells.extend(f"{figure:.3f}" for figure in figures)
        rows.append(tuple(cells))
    return Table(
        "Calibration",
        "Expected calibration error, Brier score, and the share of values found of which 1 % are wrong: "
        "by strength of evidence, and by the fit, of documents that it did not see.",
        ("kind", "values", "right", "error", "Brier", "at 1 %", "fit: error", "Brier", "at 1 %"),
        tuple(rows),
    )


if __name__ == "__main__":
    sys.exit(main())
