"""Questions that are answered by a tick, and the words of the boxes that were ticked."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

from shared.reading.extraction.layout import Token
from shared.reading.extraction.pairs.phrases import Phrase, Sheet

_NEXT_OPTION = 1.8  # heights between options under each other
_UNDER_QUESTION = 2.2  # heights between a question and the options under it
_OUTDENT = 1.5  # heights by which options may begin left of their question
_MARKS = frozenset({"x", "✓", "✔", "☒", "☑"})
_EMPTY = frozenset({"o", "0", "□", "☐", "()", "[]"})  # boxes as OCR reads them
_ANSWERS = frozenset({"yes", "no", "male", "female", "m", "f", "n/a", "na"})
_OPTIONS = 2  # empty boxes at least: one pair of brackets may be anything
_PRINTED_BOX = re.compile(r"[(\[]\s?([xX✓✔]?)\s?[)\]]|([□☐○])|([☒☑■●])")  # what was typed for a box: "[x]", "( )"


def find_questions(sheet: Sheet, strengths: Mapping[Phrase, float]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Each question with the options that were ticked: none of them where nobody answered."""
    asked: dict[Phrase, Phrase] = {}  # the question that an option belongs to
    for option in sheet.phrases:
        if option.checkbox is not None:
            question = _question(option, sheet, strengths, asked)
            if question is not None:
                asked[option] = question
    return {
        question: tuple(option for option in asked if asked[option] is question and _ticked(option))
        for question in asked.values()
    }


def chosen_words(label: Phrase, sheet: Sheet) -> tuple[Token, ...] | None:
    """The words marked among the "Yes" and "No" right of a label; None where it is not so answered.

    The mark stands behind its word where a word comes first: "Yes x No".
    """
    row: list[Token] = []
    for phrase in sheet.right_of(label):
        if phrase.colon or not all(_bare(token) in _ANSWERS | _MARKS | _EMPTY for token in phrase.tokens):
            break
        row.extend(phrase.tokens)
    words = [token for token in row if _bare(token) not in _EMPTY]
    if len({_bare(token) for token in words} & _ANSWERS) < _OPTIONS:
        return None
    if _bare(words[0]) in _MARKS:
        words.reverse()
    return tuple(word for word, mark in pairwise(words) if _bare(mark) in _MARKS and _bare(word) in _ANSWERS)


def _bare(token: Token) -> str:
    return token.text.lower().strip(".,;/_")


def typed_ticks(value: Sequence[Phrase]) -> tuple[Token, ...] | None:
    """The words behind the boxes that are ticked in "( ) Yes (x) No"; None where no boxes are typed."""
    tokens = tuple(chain.from_iterable(phrase.tokens for phrase in value))
    starts: list[int] = []
    text = ""
    for token in tokens:
        starts.append(len(text))
        text += f"{token.text} "
    boxes = list(_PRINTED_BOX.finditer(text))
    if len(boxes) < _OPTIONS and not any(box[1] or box[3] for box in boxes):
        return None
    ends = [*(box.start() for box in boxes[1:]), len(text)]
    spans = [(box.end(), end) for box, end in zip(boxes, ends, strict=True) if box[1] or box[3]]
    return tuple(
        token for token, start in zip(tokens, starts, strict=True) if any(begin <= start < end for begin, end in spans)
    )


def _ticked(option: Phrase) -> bool:
    return option.checkbox is not None and option.checkbox.ticked


def _question(
    option: Phrase, sheet: Sheet, strengths: Mapping[Phrase, float], asked: Mapping[Phrase, Phrase]
) -> Phrase | None:
    """What stands left of the option or of those beside it; or what the option above it answers; or stands above."""
    before = [other for other in sheet.row(option.box) if other.box.right <= option.box.left]
    for other in reversed(before):
        if other.checkbox is None:
            if strengths[other] > 0 and sheet.layout.rules_between(other.box, option.box) <= 1:
                return other
            break
    return _question_above(option, sheet, strengths, asked)


def _question_above(
    option: Phrase, sheet: Sheet, strengths: Mapping[Phrase, float], asked: Mapping[Phrase, Phrase]
) -> Phrase | None:
    box, height = option.box, option.height
    for other in reversed(sheet.between(box.top - (_UNDER_QUESTION + 1) * height, box.top - 0.5 * height)):
        gap = box.top - other.box.bottom
        if other in asked and abs(other.box.left - box.left) < height and gap < _NEXT_OPTION * height:
            return asked[other]
        is_question = other.checkbox is None and strengths[other] > 0
        if is_question and other.box.left - _OUTDENT * height <= box.left and gap < _UNDER_QUESTION * height:
            return other
    return None
