"""How forms word what they ask, in the case of their style."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from tests.quality.extraction.generator.style import Style

LABELS: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads((Path(__file__).parent / "labels.toml").read_text())


def label_of(draw: Random, key: str, style: Style, *, within: bool) -> str:
    """A form's words for the field, in the style's case."""
    words = LABELS[key]
    held = words.get("held", ())
    if style.held and held and draw.random() < 0.4:
        text = draw.choice(held)
    elif within and "within" in words and draw.random() < 0.75:
        text = draw.choice(words["within"])
    else:
        text = draw.choice(words["plain"])
    return cased(text, style)


def cased(text: str, style: Style) -> str:
    """`text` in the case in which the style has labels."""
    match style.label_case:
        case "upper":
            return text.upper()
        case "lower first":
            return " ".join(
                word if n == 0 or word.isupper() or not word[1:].islower() else word.lower()
                for n, word in enumerate(text.split())
            )
        case _:
            return text
