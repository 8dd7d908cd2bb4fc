"""What a document says in sentences."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from random import Random
from typing import Any

from tests.quality.extraction.generator.content import Content, Entry, Runs

WORDS: Mapping[str, Mapping[str, Any]] = tomllib.loads((Path(__file__).parent / "prose.toml").read_text())

_NAMED = re.compile(r"\{(\w+)\}")
_SEXES = {"M": "male", "F": "female"}
_BY_SEX = {
    "M": {"Mr": "Mr.", "He": "He", "he": "he", "His": "His", "his": "his"},
    "F": {"Mr": "Ms.", "He": "She", "he": "she", "His": "Her", "his": "her"},
    "": {"Mr": "Patient", "He": "The patient", "he": "the patient", "His": "The patient's", "his": "the patient's"},
}


def sentences(draw: Random, content: Content, voice: str) -> list[Runs]:
    """All that the entries of the document say: the first sentence begins it, `voice` is a table of prose.toml."""
    words = WORDS[voice]
    said = dict(_said(content))
    sex = str(content.values.get("sex") or "")
    rest = list(words["rest"])
    if draw.random() < 0.5:
        cut = draw.randrange(len(rest))
        rest = rest[cut:] + rest[:cut]
    forms = _chosen([_beginning(draw, content.kind, words, said.keys()), *rest], said.keys())
    spoken = {key for form in forms for key in _named(form)}
    unspoken = [entry for entry in _entries(content) if not spoken & set(entry.keys)]
    return [
        *(_spoken(form, said, sex) for form in forms),
        *(((f"{entry.label}: ", ""), *entry.runs, (". ", "")) for entry in unspoken),
    ]


def _beginning(draw: Random, kind: str, words: Mapping[str, Any], said: Set[str]) -> str:
    fitting = [form for form in words["first"][kind] if _named(form) <= said]
    return str(draw.choice(fitting if fitting and draw.random() < 0.85 else words["first"]["any"]))


def _entries(content: Content) -> Iterator[Entry]:
    return (entry for section in content.sections for entry in section.entries)


def _said(content: Content) -> Iterator[tuple[str, str]]:
    """What each field says."""
    for entry in _entries(content):
        for text, key in entry.runs:
            if key:
                yield key, _SEXES[str(content.values["sex"])] if key == "sex" else text


def _named(form: str) -> set[str]:
    return set(_NAMED.findall(form)) - _BY_SEX[""].keys()


def _chosen(forms: Sequence[str], said: Set[str]) -> list[str]:
    """The forms that say what no other before them says."""
    left, chosen = set(said), []
    for form in forms:
        if _named(form) and _named(form) <= left:
            left -= _named(form)
            chosen.append(form)
    return chosen


def _spoken(form: str, said: Mapping[str, str], sex: str) -> Runs:
    runs: list[tuple[str, str]] = []
    for number, piece in enumerate(_NAMED.split(form)):
        if number % 2 == 0:
            runs.append((piece, ""))
        elif piece in _BY_SEX[sex]:
            runs.append((_BY_SEX[sex][piece], ""))
        else:
            runs.append((said[piece], piece))
    return (*(run for run in runs if run[0]), (" ", ""))
