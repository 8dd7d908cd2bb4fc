"""Values that hold others: "Ann Lee, Daughter, (508) 555-7608", "Heart failure (I50.9)", "Aetna ID W416"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.reading.extraction.dates import Conventions
from shared.reading.extraction.diagnoses import resolve_icd10
from shared.reading.extraction.kinds import STRONG, normalise
from shared.reading.extraction.layout import Token, split_token, text_of
from shared.reading.extraction.normalised import Normalised
from shared.templates import Field, Kind
from shared.templates.phrases import plain

_LONGEST = 4  # words of a value inside another
_LONGEST_LABEL = 3  # words
_SHOWS = 0.9  # plausibility from which words show what they are
_NUMBER = re.compile(r"\d\D*\d\D*\d")  # what a number behind a label has at least
_BETWEEN = re.compile(r"[,;](?=\S)|/(?=\d{4})")  # parts that OCR or a typist closed up: "O'Keefe,Son", "MD/1234567893"
_SEPARATORS = " ,;:/|()[]·•.-–—"


@dataclass(frozen=True, slots=True)
class Part:
    """The words of one field inside another's value."""

    field: Field
    tokens: tuple[Token, ...]
    found: Normalised


def take_apart(
    tokens: Sequence[Token], inside: Sequence[Field], dates: Conventions
) -> tuple[tuple[Token, ...], tuple[Part, ...]]:
    """The words without the values of the fields `inside`, and these."""
    if not inside or len(text_of(tokens).split()) < 2:
        return tuple(tokens), ()
    rest = [part for token in tokens for part in split_token(token, _BETWEEN)]
    parts: list[Part] = []
    for field in inside:
        found = _find(rest, field, dates)
        if found is not None:
            part, begin, end = found
            parts.append(part)
            rest = rest[:begin] + rest[end:]
    if not parts:
        return tuple(tokens), ()
    return tuple(token for token in rest if token.text.strip(_SEPARATORS)), tuple(parts)


def _find(tokens: Sequence[Token], field: Field, dates: Conventions) -> tuple[Part, int, int] | None:
    """The surest and shortest run of words that is a value of `field`, and what goes with its label."""
    best: tuple[tuple[float, int, int], Part, int, int] | None = None
    for begin in range(len(tokens)):
        for end in range(begin + 1, min(begin + _LONGEST, len(tokens)) + 1):
            label = _label_before(tokens, begin, field)
            found = (
                None if end - begin + label == len(tokens) else _value(tokens, (begin, end), field, label > 0, dates)
            )
            if found is None:
                continue
            rank = found.plausibility, begin - end, begin
            if best is None or rank > best[0]:
                best = rank, Part(field, tuple(tokens[begin:end]), found), begin - label, end
    return best[1:] if best else None


def _value(
    tokens: Sequence[Token], run: tuple[int, int], field: Field, labelled: bool, dates: Conventions
) -> Normalised | None:
    begin, end = run
    text = text_of(tokens[begin:end]).strip(_SEPARATORS)
    if field.kind is Kind.ICD10:
        found = resolve_icd10(text, text_of([*tokens[:begin], *tokens[end:]]))
    elif field.kind in STRONG or (labelled and field.kind is Kind.IDENTIFIER and _NUMBER.search(text)):
        found = normalise(text, field.kind, field.choices, dates)
    elif begin and any(plain(text) == plain(printed) for one in field.choices for printed in one.printed):
        return Normalised(text, _SHOWS)
    else:
        return None
    return found if found is not None and found.plausibility >= _SHOWS else None


def _label_before(tokens: Sequence[Token], begin: int, field: Field) -> int:
    """How many words before `begin` are a label of `field`."""
    labels = {plain(label) for label in (*field.labels, *field.section_labels)}
    return next(
        (count for count in range(_LONGEST_LABEL, 0, -1) if count <= begin and _said(tokens, begin, count) in labels), 0
    )


def _said(tokens: Sequence[Token], begin: int, count: int) -> str:
    if any(token.text.startswith("(") for token in tokens[begin - count + 1 : begin]):
        return ""  # "Ann Lee, MD (NPI 1469904597)"
    return plain(text_of(tokens[begin - count : begin]).strip(_SEPARATORS))
