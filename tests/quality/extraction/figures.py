"""The run in pictures: reliability, error against automation, F1 by class."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.quality.extraction.calibration import automation_curve, bins, calibration_error
from tests.quality.extraction.corpus import CLASSES
from tests.quality.extraction.report import GOALS, by, found, judged
from tests.quality.extraction.run import Result
from tests.quality.extraction.scoring import score

_SIZE = (6.0, 4.5)  # inches
_DPI = 120
_CURVES = 6  # of the kinds that are commonest: more could not be told apart
_ERROR_SHOWN = 0.1  # of the accepted: what nobody would accept is left out


def draw_set(results: Sequence[Result], name: str, folder: Path) -> None:
    """All pictures of one set of documents; none where nothing was found or stands there."""
    judgements = judged(results)
    if not judgements:
        return
    groups = {f"{kind}": part for kind, part in by(lambda one: one.kind)(judgements)}
    common = sorted(groups, key=lambda kind: -len(groups[kind]))[:_CURVES]
    classes = by(lambda one: one.document.damage_class, CLASSES)(judgements)
    curves = {"all": judgements, **{kind: groups[kind] for kind in common}}
    if "clean and 300 dpi" in dict(classes):
        curves["clean and 300 dpi scans"] = dict(classes)["clean and 300 dpi"]
    draw_reliability(*found(judgements), f"Confidence on the {name} documents", folder / f"reliability-{name}.png")
    draw_automation(
        {label: (*found(part), score(part).missed) for label, part in curves.items()}, folder / f"automation-{name}.png"
    )
    whole = ("all", judgements)
    ways = {
        "class of damage": classes,
        "family of layouts": by(lambda one: one.document.family)(judgements),
        "document type": by(lambda one: one.document.truth.document_type)(judgements),
        "kind of field": list(groups.items()),
    }
    for way, parts in ways.items():
        shares = {label: score(part).f1 for label, part in [*parts, whole]}
        title, file = f"F1 on the {name} documents, by {way}", f"f1-{name}-by-{way.replace(' ', '-')}.png"
        draw_bars(shares, GOALS, title, folder / file)


def draw_reliability(confidences: Sequence[float], right: Sequence[bool], title: str, path: Path) -> None:
    """A PNG of the share that is right against the confidence that was told, in bins of equal mass."""
    figure, axes = _axes(title, "confidence told", "share right")
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, linestyle="--")
    found = bins(confidences, right)
    axes.plot([one.said for one in found], [one.right for one in found], marker="o")
    error = calibration_error(confidences, right)
    axes.text(0.03, 0.93, f"expected calibration error {error:.3f}\n{len(confidences)} values", va="top")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    figure.savefig(path, dpi=_DPI)


def draw_automation(curves: Mapping[str, tuple[Sequence[float], Sequence[bool], int]], path: Path) -> None:
    """A PNG of the error among accepted fields against the share accepted; a curve for each name."""
    figure, axes = _axes("Fields that need no person", "share of fields accepted, %", "wrong among the accepted, %")
    for name, (confidences, right, missed) in curves.items():
        accepted, wrong = automation_curve(confidences, right, missed)
        axes.plot(100 * accepted, 100 * wrong, label=f"{name} ({len(confidences) + missed})")
    for error in (0.5, 1.0):
        axes.axhline(error, color="0.6", linewidth=0.8, linestyle="--")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100 * _ERROR_SHOWN)
    figure.legend(loc="outside lower center", ncols=2, fontsize="small")
    figure.savefig(path, dpi=_DPI)


def draw_bars(shares: Mapping[str, float], goals: Mapping[str, float], title: str, path: Path) -> None:
    """A PNG of shares (0..1) as bars, with a mark where a goal is."""
    figure, axes = _axes(title, "F1", "", tall=max(_SIZE[1], 0.3 * len(shares) + 1))
    names = list(shares)[::-1]
    drawn = axes.barh(names, [shares[name] for name in names])
    axes.bar_label(drawn, [f"{shares[name]:.3f}" for name in names], padding=3)
    for place, name in enumerate(names):
        if name in goals:
            axes.plot([goals[name]] * 2, [place - 0.45, place + 0.45], color="black", linewidth=2)
    axes.set_xlim(0, 1.12)
    figure.savefig(path, dpi=_DPI)


def _axes(title: str, across: str, up: str, *, tall: float = _SIZE[1]) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_SIZE[0], tall), layout="constrained")
    axes = figure.add_subplot(title=title, xlabel=across, ylabel=up)
    axes.grid(alpha=0.3)
    return figure, axes
