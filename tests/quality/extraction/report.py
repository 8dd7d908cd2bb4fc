"""The figures as tables and as JSON."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from tests.quality.extraction.calibration import automated, brier, calibration_error
from tests.quality.extraction.corpus import CLASSES
from tests.quality.extraction.linking import LinkScore
from tests.quality.extraction.places import ENOUGH, Place, places
from tests.quality.extraction.run import Result
from tests.quality.extraction.scoring import Judgement, Outcome, Score, score
from tests.quality.tables import Machine, Table

GOALS = {"clean and 300 dpi": 0.97, "200 dpi": 0.93, "fax": 0.85}
"""F1 that is to be reached, by class of damage."""

_COUNTS = ("right", "wrong", "made up", "missed", "precision", "recall", "F1")
_NOTE = "wrong: another value stands there, both made up and missed."


def tables(results: Sequence[Result]) -> list[Table]:
    """All tables of the documents of one set."""
    judgements = judged(results)
    return [
        _scores("By class of damage", judgements, by(lambda one: one.document.damage_class, CLASSES)),
        _scores("By damage", judgements, by(lambda one: one.document.damage)),
        _scores("By document type", judgements, by(lambda one: one.document.truth.document_type)),
        _scores("By family of layouts", judgements, by(lambda one: one.document.family)),
        _scores("By kind of field", judgements, by(lambda one: one.kind)),
        _scores("By field", judgements, by(lambda one: one.field)),
        _trust(judgements),
        _types(results),
        _where(results),
        _documents(results),
    ]


def judged(results: Iterable[Result]) -> list[Judgement]:
    """All judgements together."""
    return [judgement for result in results for judgement in result.judgements]


def found(judgements: Iterable[Judgement]) -> tuple[list[float], list[bool]]:
    """The confidences of the values that were found, and whether each is right."""
    there = [one for one in judgements if one.outcome is not Outcome.MISSED]
    return [one.confidence for one in there], [one.outcome is Outcome.RIGHT for one in there]


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """The figures of the documents of one set."""
    judgements = judged(results)
    groups: dict[str, Callable[[Judgement], str]] = {
        "by_class": lambda one: one.document.damage_class,
        "by_type": lambda one: one.document.truth.document_type,
        "by_family": lambda one: one.document.family,
        "by_kind": lambda one: one.kind,
        "by_field": lambda one: one.field,
    }
    return {
        "documents": len(results),
        "all": _figures(judgements),
        **{name: {key: _figures(part) for key, part in by(of)(judgements)} for name, of in groups.items()},
        "types_right": _types_right(results),
        "covered": _covered(list(places(results))),
        "values_on_blank_forms": _values_on_blanks(results),
        "extract_ms": _milliseconds(results),
    }


def as_json(machine: Machine, sets: dict[str, dict[str, Any]], links: Mapping[str, LinkScore]) -> str:
    """The figures of the run."""
    linked = {forms: asdict(score) for forms, score in links.items()}
    return json.dumps({"machine": asdict(machine), "sets": sets, "funsd_links": linked}, indent=1) + "\n"


def linking_table(links: Mapping[str, LinkScore]) -> Table:
    """Labels and values linked with no template."""
    return Table(
        "Labels and values linked with no template",
        "FUNSD; a pair is right when label and value are like those of the truth.",
        ("forms", "links", "pairs given", "precision", "recall", "F1"),
        tuple(
            (forms, str(one.links), str(one.pairs), f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}")
            for forms, one in links.items()
        ),
    )


Groups = Callable[[Sequence[Judgement]], list[tuple[str, list[Judgement]]]]


def by(of: Callable[[Judgement], str], order: Sequence[str] = ()) -> Groups:
    """Puts judgements into groups named by `of`, in `order` or by name."""

    def grouped(judgements: Sequence[Judgement]) -> list[tuple[str, list[Judgement]]]:
        groups: dict[str, list[Judgement]] = defaultdict(list)
        for judgement in judgements:
            groups[of(judgement)].append(judgement)
        return [(name, groups[name]) for name in (order or sorted(groups)) if name in groups]

    return grouped


def _scores(title: str, judgements: Sequence[Judgement], groups: Groups) -> Table:
    rows = [(name, *_counts(score(part))) for name, part in [*groups(judgements), ("all", list(judgements))]]
    return Table(title, _NOTE, (title.removeprefix("By ").split()[0], *_COUNTS), tuple(rows))


def _counts(counted: Score) -> tuple[str, ...]:
    shares = (f"{share:.3f}" for share in (counted.precision, counted.recall, counted.f1))
    return (*(str(count) for count in asdict(counted).values()), *shares)


def _trust(judgements: Sequence[Judgement]) -> Table:
    by_class = [
        (f"{name} (class)", part) for name, part in by(lambda one: one.document.damage_class, CLASSES)(judgements)
    ]
    groups = [*by_class, *by(lambda one: one.kind)(judgements), ("all", list(judgements))]
    rows = []
    for name, part in groups:
        figures = _figures(part)
        shares = (figures["calibration_error"], figures["brier"], figures["accepted_at_1"], figures["accepted_at_0.5"])
        rows.append((name, str(len(found(part)[0])), *(f"{share:.3f}" for share in shares)))
    return Table(
        "Confidence",
        "Expected calibration error (15 bins of equal mass) and Brier score of the values found; the share of all "
        "fields that could be accepted with 1 % and 0.5 % of these wrong.",
        ("kind", "values", "calibration error", "Brier", "accepted at 1 %", "accepted at 0.5 %"),
        tuple(rows),
    )


def _figures(judgements: Sequence[Judgement]) -> dict[str, float]:
    counted = score(judgements)
    confidences, right = found(judgements)
    return {
        **asdict(counted),
        "precision": counted.precision,
        "recall": counted.recall,
        "f1": counted.f1,
        "calibration_error": calibration_error(confidences, right),
        "brier": brier(confidences, right),
        "accepted_at_1": automated(confidences, right, counted.missed, 0.01),
        "accepted_at_0.5": automated(confidences, right, counted.missed, 0.005),
    }


def _types(results: Sequence[Result]) -> Table:
    of_type: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        of_type[result.document.truth.document_type].append(result)
    rows = []
    for kind, part in sorted(of_type.items()):
        other = Counter(result.document_type for result in part if not result.type_right)
        told = ", ".join(f"{name} {count}" for name, count in other.most_common())
        rows.append((kind, str(len(part)), f"{_types_right(part):.3f}", told))
    return Table(
        "Types", "What documents of each type were taken for.", ("type", "documents", "right", "else"), tuple(rows)
    )


def _where(results: Sequence[Result]) -> Table:
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places(results):
        groups[place.judgement.kind].append(place)
        groups["all"].append(place)
    rows = [(kind, str(len(part)), _share(_covered(part))) for kind, part in sorted(groups.items())]
    note = f"Right values whose polygon covers {ENOUGH:.0%} or more of their ink, where the truth knows its place."
    return Table("Places", note, ("kind", "values", "covered"), tuple(rows))


def _covered(found: Sequence[Place]) -> float | None:
    """The share of the values that cite their place; None where the truth knows no places."""
    return sum(place.covered >= ENOUGH for place in found) / len(found) if found else None


def _documents(results: Sequence[Result]) -> Table:
    milliseconds = _milliseconds(results)
    rows = (
        ("documents", str(len(results))),
        ("type told right", f"{_types_right(results):.3f}"),
        ("polygon covers the right value", _share(_covered(list(places(results))))),
        ("could not be read", str(sum(result.error is not None for result in results))),
        ("blank forms", str(sum(result.document.truth.blank for result in results))),
        ("values on blank forms", str(_values_on_blanks(results))),
        ("extraction, ms of processor a page, median", f"{milliseconds['median']:.1f}"),
        ("extraction, ms of processor a page, 95 %", f"{milliseconds['p95']:.1f}"),
    )
    return Table("Documents", "Extraction: finding marks, choosing the template, and the record.", ("", "figure"), rows)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _types_right(results: Sequence[Result]) -> float:
    return sum(result.type_right for result in results) / len(results) if results else 1.0


def _values_on_blanks(results: Sequence[Result]) -> int:
    """Values that stand on no form: those found on blank ones that are not their own print."""
    blank = [result for result in results if result.document.truth.blank]
    return sum(one.outcome in (Outcome.MADE_UP, Outcome.WRONG) for one in judged(blank))


def _milliseconds(results: Sequence[Result]) -> dict[str, float]:
    taken = [result.extract_ms for result in results if result.error is None]
    if not taken:
        return {"median": 0.0, "p95": 0.0}
    return {"median": float(np.median(taken)), "p95": float(np.percentile(taken, 95))}
