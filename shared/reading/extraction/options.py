"""The boxes that answer a question, and the words that say what each is for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from shared.documents import Box, box_polygon, union
from shared.reading.extraction.boxes import Checkbox, Shape
from shared.reading.extraction.context import FieldAnchor
from shared.reading.extraction.kinds import normalise
from shared.reading.extraction.layout import Token, same_row, text_of
from shared.reading.extraction.neighbours import Surroundings
from shared.reading.extraction.normalised import Normalised
from shared.reading.extraction.printed import split_options, word_start
from shared.reading.extraction.rows import free_words, right_limit
from shared.templates import Choice, Field, Kind

_ROWS_BELOW = 2.2  # heights of the label between it, or a row of boxes, and the next row of boxes
_OPTION_GAP = 2.5  # heights between a box and its text, or the words of an option
_FARTHEST = 0.35  # of the page's width between a label and what answers it on its row
_ABOUT = (-0.4, -0.2, 0.0, 0.2)  # widths of a box by which a place may lie beside what is looked for
_SURE_WORDS = 0.9  # plausibility from which words are a field's choice
_MARKS = "xXvVyY✓✔☑☒×✗✘*•/\\|"
_EMPTY_SIGNS = "_[](){}oO0QØø□☐○◯◻■●© .,-—–:;'\"`"
_SIGN_ONLY = re.compile(rf"^[{re.escape(_MARKS + _EMPTY_SIGNS)}]{{1,5}}$")
_LEADING_SIGN = re.compile(rf"^[\[({{_|]*[{re.escape(_MARKS)}]?[\])}}_|]+|^[oO0QD□☐☑☒○◯■●©@✓✔xX](?=[A-Z])")
_TOUCHING = -0.3  # widths of a box between it and a word that OCR may have read together with it
_CLOSED_UP = re.compile(r"[a-z][A-Z]")
_TRAILING_SIGN = re.compile(rf"[\[({{_|]+[{re.escape(_MARKS)}]?[\])}}_|]*$|[□☐☑☒○◯■●©✓✔]$")


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick and the words that say what for; `seen` unless the box is only thought to be there."""

    checkbox: Checkbox
    tokens: tuple[Token, ...]
    seen: bool = True

    @property
    def texts(self) -> tuple[str, ...]:
        """The words as read; and without what OCR may have made of the box."""
        cleared = " ".join(filter(None, (_without_sign(token, self.checkbox.box) for token in self.tokens)))
        worded = text_of(token for token in self.tokens if not _SIGN_ONLY.match(token.text))
        return tuple(dict.fromkeys(text for text in (text_of(self.tokens), worded, cleared) if text))

    @property
    def box(self) -> Box:
        """Around box and words."""
        return union([self.checkbox.box, *(token.box for token in self.tokens)])


_YES_NO = (Choice(value=True, printed=("Yes", "Y")), Choice(value=False, printed=("No", "N")))


def fits(option: Option, field: Field) -> tuple[str, Normalised] | None:
    """What of the option's words is a choice of the field (yes or no where it has none), and which."""
    choices = field.choices or _YES_NO
    for text in option.texts:
        found = normalise(text, Kind.CHOICE, choices)
        if found is not None and found.plausibility >= _SURE_WORDS:
            return text, found
    return None


def options_of(item: FieldAnchor, around: Surroundings) -> tuple[Option, ...]:
    """The boxes behind or under the label with their words, whether they answer it or not."""
    boxes = _beside(item, around) or _below(item, around)
    return _completed(_with_words(boxes, around, item.anchor.box), item, around)


def _beside(item: FieldAnchor, around: Surroundings) -> tuple[Checkbox, ...]:
    label, limit = item.anchor.box, right_limit(item.anchor, around)
    row = (box for box in places(around) if same_row(box.box, label))
    boxes = sorted(
        (box for box in row if label.right - 0.5 * box.box.width <= box.box.left < limit), key=lambda box: box.box.left
    )
    if not boxes or around.layout.rules_between(label, boxes[0].box) > 1:
        return ()
    between = [
        token
        for token in free_words(around)
        if same_row(token.box, label) and label.right <= token.box.left and token.box.right < boxes[0].box.centre[0]
    ]
    start = min([boxes[0].box.left, *(token.box.left for token in between)])
    # Other words between are an answer of their own, or another question; the first option's stand before its box.
    foreign = any(len(token.text) > 1 for token in between) and not split_options(between, item.field)
    if foreign or start - label.right > _FARTHEST * around.layout.width:
        return ()
    return (*boxes, *_rows_under(boxes, label, limit, around))


def _below(item: FieldAnchor, around: Surroundings) -> tuple[Checkbox, ...]:
    label = item.anchor.box
    return _rows_under((), label, _column_end(label, right_limit(item.anchor, around)), around)


def _rows_under(first: Sequence[Checkbox], label: Box, limit: float, around: Surroundings) -> tuple[Checkbox, ...]:
    """The boxes under the label, or under its `first` row of boxes, row by row as long as rows follow closely."""
    cell = around.layout.cell_around(label)
    left = max(label.left - label.height, cell.left or 0.0) if not first else first[0].box.left - label.height
    right = min(limit, cell.right if cell.right is not None else float("inf"))
    bottom = max([label.bottom, *(box.box.bottom for box in first)])
    floor = cell.bottom if cell.bottom is not None else float("inf")
    found: list[Checkbox] = []
    for box in places(around):
        centre = box.box.centre[1]
        if (
            centre <= bottom - 0.5 * box.box.height
            or not left <= box.box.left
            or box.box.right > right
            or centre >= floor
        ):
            continue
        if box.box.top - bottom > _ROWS_BELOW * label.height:
            break
        aligned = not first or found or abs(box.box.left - first[0].box.left) <= label.height
        if not aligned or around.has_label_before(box.box):
            continue
        found.append(box)
        bottom = max(bottom, box.box.top)
    return tuple(found)


def _column_end(label: Box, limit: float) -> float:
    return limit if limit > label.right else float("inf")


@lru_cache(maxsize=1)  # of the page at hand, where every label asks
def places(around: Surroundings) -> list[Checkbox]:
    """The page's boxes without those that are print, and words circled by a pen in the place of their boxes."""
    loops = [
        loop for loop in around.layout.marks.loops if any(_within(token.box, loop) for token in around.layout.tokens)
    ]
    boxes = [
        box
        for box in (*around.layout.marks.checkboxes, *around.layout.marks.signs)
        if not _is_print(box, around) and not any(_overlap(box.box, loop) for loop in loops)
    ]
    circled = [Checkbox(loop, 1.0, Shape.LOOP) for loop in loops]
    return sorted([*boxes, *circled], key=lambda box: (box.box.top, box.box.left))


def _overlap(box: Box, loop: Box) -> bool:
    x, y = box.centre
    return loop.left <= x <= loop.right and loop.top <= y <= loop.bottom


def _is_print(box: Checkbox, around: Surroundings) -> bool:
    if box.shape is Shape.SQUARE:
        return False
    return any(_within(token.box, box.box) and not _SIGN_ONLY.match(token.text) for token in around.layout.tokens)


def _within(one: Box, other: Box) -> bool:
    """Whether most of `one` lies in `other`."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > 0.6 * one.width and high > 0.4 * one.height


def _with_words(boxes: Sequence[Checkbox], around: Surroundings, label: Box) -> tuple[Option, ...]:
    """The boxes with the words that say what each is for."""
    behind = tuple(Option(box, _words_behind(box, boxes, around)) for box in boxes)
    before = tuple(Option(box, _words_before(box, boxes, around, label)) for box in boxes)
    # Behind is usual. Before it is where every box has words before it, and the last of a row has none behind.
    turned = all(option.tokens for option in before) and not all(option.tokens for option in behind)
    return tuple(option for option in (before if turned else behind) if option.tokens)


def _completed(options: Sequence[Option], item: FieldAnchor, around: Surroundings) -> tuple[Option, ...]:
    """The options, and those whose box was not seen because a mark hides it: there stands more than at the others."""
    seen = [option for option in options if option.checkbox.shape is not Shape.LOOP]
    if not seen or not item.field.choices:
        return tuple(options)
    complete = [option for option in options if option.checkbox.shape is Shape.LOOP]
    label = item.anchor.box
    first = seen[0].checkbox.box
    if same_row(first, label):
        worded = {token for option in options for token in option.tokens}
        row = [token for token in _row(first, around) if token not in worded and label.right <= token.box.left]
        ahead = [token for token in row if token.box.right < first.centre[0]]
        complete += [_unboxed(words, seen, around) for words in split_options(ahead, item.field)]
    for option in seen:
        parts = split_options(option.tokens, item.field)
        if len(parts) < 2:
            complete.append(option)
            continue
        complete.append(Option(option.checkbox, parts[0]))
        complete += [_unboxed(words, seen, around) for words in parts[1:]]
    words: set[Token] = set()
    kept: list[Option] = []
    for option in complete:
        if not words.intersection(option.tokens):
            kept.append(option)
            words.update(option.tokens)
    return tuple(kept)


def _unboxed(words: tuple[Token, ...], seen: Sequence[Option], around: Surroundings) -> Option:
    """The option with a box where the others have theirs, as full as there is more ink than at the emptiest of them."""
    model = min(seen, key=lambda option: option.checkbox.filled)
    box = model.checkbox.box
    shift = word_start(words[0]) - word_start(model.tokens[0]), words[0].box.centre[1] - model.tokens[0].box.centre[1]
    place = Box(box.left + shift[0], box.top + shift[1], box.right + shift[0], box.bottom + shift[1])
    more = _most_ink(place, around) - _most_ink(box, around)
    return Option(Checkbox(place, max(0.0, more), model.checkbox.shape), words, seen=False)


def _most_ink(place: Box, around: Surroundings) -> float:
    """The share of ink where there is most of it about `place`: words are not told to the pixel."""
    steps = (place.width * part for part in _ABOUT)
    places = (Box(place.left + step, place.top, place.right + step, place.bottom) for step in steps)
    return max(around.layout.marks.ink_share(one) for one in places)


def _words_behind(box: Checkbox, boxes: Sequence[Checkbox], around: Surroundings) -> tuple[Token, ...]:
    """The words right of `box` up to the next box or a wide gap; those in it where it is a pen's loop."""
    if box.shape is Shape.LOOP:
        return tuple(token for token in _row(box.box, around) if _overlap(token.box, box.box))
    following = [other.box.left for other in boxes if other.box.left > box.box.right and same_row(other.box, box.box)]
    end = min(following, default=float("inf"))
    words: list[Token] = []
    edge = box.box.right
    for token in _row(box.box, around):
        if not box.box.centre[0] < token.box.centre[0] or _within(token.box, box.box):
            continue
        if (
            token.box.centre[0] >= end
            or token.box.left - edge > _gap(box)
            or around.layout.rules_between(box.box, token.box)
        ):
            break
        if any(map(str.isalnum, token.text)):
            words.append(token)
        edge = token.box.right
    while words and _SIGN_ONLY.match(words[-1].text) and words[-1].box.right > end:
        words.pop()
    return tuple(words)


def _words_before(box: Checkbox, boxes: Sequence[Checkbox], around: Surroundings, label: Box) -> tuple[Token, ...]:
    """The words left of `box` back to the box before it or a wide gap; those in it where it is a pen's loop."""
    if box.shape is Shape.LOOP:
        return _words_behind(box, boxes, around)
    previous = [other.box.right for other in boxes if other.box.right < box.box.left and same_row(other.box, box.box)]
    begin = max(previous, default=label.right if same_row(label, box.box) else 0.0)
    words: list[Token] = []
    edge = box.box.left
    for token in reversed(_row(box.box, around)):
        if not token.box.centre[0] < box.box.centre[0] or _within(token.box, box.box):
            continue
        if token.box.centre[0] <= begin or edge - token.box.right > _gap(box):
            break
        if any(map(str.isalnum, token.text)):
            words.append(token)
        edge = token.box.left
    return tuple(reversed(words))


def _gap(box: Checkbox) -> float:
    return _OPTION_GAP * box.box.height


def _row(box: Box, around: Surroundings) -> list[Token]:
    tokens = (token for token in free_words(around) if same_row(token.box, box))
    cut = chain.from_iterable(_cut(token, around.layout.marks.checkboxes) for token in tokens)
    return sorted(cut, key=lambda token: token.box.left)


def _cut(token: Token, boxes: Sequence[Checkbox]) -> list[Token]:
    """The token, or the words of which OCR made one although boxes stand between them."""
    begins = [found.end() - 1 for found in _CLOSED_UP.finditer(token.text)]
    if not begins:
        return [token]
    letter = token.box.width / len(token.text)
    inside = [
        box.box for box in boxes if same_row(box.box, token.box) and token.box.left < box.box.left < token.box.right
    ]
    cuts = sorted({min(begins, key=lambda at: abs(token.box.left + at * letter - box.centre[0])) for box in inside})
    parts: list[Token] = []
    for start, end in pairwise([0, *cuts, len(token.text)]):
        before = [box.right for box in inside if box.centre[0] < token.box.left + (start + 2) * letter]
        left = max([token.box.left + start * letter, *(before if start else [])])
        place = Box(left, token.box.top, max(left + 1, token.box.left + end * letter), token.box.bottom)
        parts.append(Token(token.text[start:end], token.confidence, place, box_polygon(place)))
    return parts


def _without_sign(token: Token, box: Box) -> str:
    """The token's text, without the sign for `box` where the token covers that too."""
    over = min(token.box.right, box.right) - max(token.box.left, box.left)
    bracketed = any(sign in token.text for sign in "[]()_□☐☑☒")
    if over <= _TOUCHING * box.width and not bracketed:
        return token.text
    return _TRAILING_SIGN.sub("", _LEADING_SIGN.sub("", token.text))


def groups_of(around: Surroundings) -> list[list[Option]]:
    """Boxes with words behind them that follow each other on a row or in a column."""
    boxes = places(around)
    groups: list[list[Option]] = []
    for box in boxes:
        option = Option(box, _words_behind(box, boxes, around))
        if not option.tokens or around.has_label_before(box.box):
            continue
        for group in groups:
            if _follows(option, group[-1]):
                group.append(option)
                break
        else:
            groups.append([option])
    return groups


def _follows(option: Option, last: Option) -> bool:
    here, there = option.checkbox.box, last.checkbox.box
    if same_row(here, there):
        return 0 < here.left - last.box.right < 4 * _OPTION_GAP * here.height
    return abs(here.left - there.left) < here.height and 0 < here.top - there.bottom < _ROWS_BELOW * here.height
