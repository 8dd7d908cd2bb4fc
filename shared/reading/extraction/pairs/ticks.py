"""Questions that are answered by a tick, and the words of the boxes that were ticked."""

from collections.abc import Mapping

from shared.reading.extraction.pairs.phrases import Phrase, Sheet

_NEXT_OPTION = 1.8  # heights between options under each other
_UNDER_QUESTION = 2.2  # heights between a question and the options under it
_OUTDENT = 1.5  # heights by which options may begin left of their question


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
