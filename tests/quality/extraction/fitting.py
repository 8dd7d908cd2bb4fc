"""Logistic regressions from evidence to the chance that a value is right: for all kinds, and for each common one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Weights = dict[str, float]

POOLED = ""
"""The name of the regression for all kinds."""

_RARE = 60  # values of a kind, below which the regression for all kinds speaks for it
_LEAN = 1.0  # precision of the prior on the pooled weights, in values: hardly any
_LEAN_ON_POOLED = 12.0  # of a kind's weights on the pooled ones: a kind with a few hundred values speaks for itself
_STEPS = 50
_SETTLED = 1e-8


@dataclass(frozen=True, slots=True)
class Example:
    """A value that was found: what speaks for it, whether it is right, its document, and how strong the evidence is."""

    kind: str
    features: Mapping[str, float]
    right: bool
    document: str
    strength: float


def fit(examples: Sequence[Example]) -> dict[str, Weights]:
    """The weights by kind; a kind's lean on those for all kinds, the more the rarer it is."""
    names = ["bias", *sorted({name for example in examples for name in example.features})]
    pooled = _fit(*_matrix(examples, names), np.zeros(len(names)), _LEAN)
    found = {POOLED: pooled}
    for kind, count in Counter(example.kind for example in examples).items():
        if count >= _RARE:
            own = [example for example in examples if example.kind == kind]
            found[kind] = _fit(*_matrix(own, names), pooled, _LEAN_ON_POOLED)
    return {kind: dict(zip(names, weights.round(4).tolist(), strict=True)) for kind, weights in sorted(found.items())}


def predict(weights: Mapping[str, Weights], examples: Sequence[Example]) -> list[float]:
    """How likely each is right, as the product would say."""
    said = []
    for example in examples:
        own = weights.get(example.kind, weights[POOLED])
        odds = own["bias"] + sum(own.get(name, 0.0) * feature for name, feature in example.features.items())
        said.append(float(1 / (1 + np.exp(-odds))))
    return said


def predict_unseen(examples: Sequence[Example], parts: int = 5) -> list[float]:
    """How likely each is right, said by a fit that has seen nothing of its document."""
    documents = sorted({example.document for example in examples})
    part_of = {document: number % parts for number, document in enumerate(documents)}
    said = np.zeros(len(examples))
    for part in range(parts):
        unseen = [number for number, example in enumerate(examples) if part_of[example.document] == part]
        weights = fit([example for example in examples if part_of[example.document] != part])
        said[unseen] = predict(weights, [examples[number] for number in unseen])
    return said.tolist()


def _matrix(examples: Sequence[Example], names: Sequence[str]) -> tuple[Floats, Floats]:
    rows = [[1.0, *(example.features.get(name, 0.0) for name in names[1:])] for example in examples]
    return np.asarray(rows), np.asarray([example.right for example in examples], dtype=np.float64)


def _fit(rows: Floats, right: Floats, prior: Floats, lean: float) -> Floats:
    """The weights of the greatest likelihood under a normal prior around `prior`, by Newton's method."""
    weights = prior.copy()
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (right - chance) - lean * (weights - prior)
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + lean * np.eye(weights.size)
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _SETTLED:
            break
    return weights
