"""A page's words in phrases, each of them a label, a value or neither; and who stands beside whom."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.documents import Box, union
from shared.reading.extraction.boxes import Checkbox
from shared.reading.extraction.layout import PageLayout, Segment, Token, same_row, text_of
from shared.templates.phrases import plain

_LEADER = re.compile(r"^[\W_]*(?:_|\.{2}|…|-{2}|·)[\W_]*$|^\.$")  # "____", ".....", ". . .": room to write in
_LEADS_ON = re.compile(r"(?:_{2,}|\.{3,}|…)$")
_COLON = (":", ":.")
_SEMICOLON = ";"
_READ_AS_COLON = 4  # words of a label at most whose colon was read as ";": longer ones are sentences
_NUMBER_FOLLOWS = re.compile(r"^(?:no|nos|number|#|[a-z]{2,}#)\.?$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_NEXT_TO_BOX = 2.5  # heights at most between a box to tick and its words
_LINE_SPACING = 0.7  # heights between the lines of one label
_LONGEST_FIRST_LINE = 6  # words of a label that has no colon and a remark below
_UNFINISHED = re.compile(r"(?:\b(?:of|and|or|to|for|by|in|the|from|with|at)|[/&,-])$", re.IGNORECASE)
_REMARK = re.compile(r"^\((?=[^)]*[^\W\d_]{2})[^)]*\)?:?$")
_RULE_UNDER = (-0.35, 0.6)  # heights of a word from its bottom to the rule that it stands on


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """Words that belong together.

    `colon`: they end in one; `room`: dots or dashes to write on follow them; `line`: the rule that they stand on.
    """

    tokens: tuple[Token, ...]
    box: Box
    text: str
    colon: bool
    room: bool = False
    line: Box | None = None
    checkbox: Checkbox | None = None

    @property
    def height(self) -> float:
        """Of one line, in pixels."""
        return self.tokens[-1].height


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a segment stands on and among, and how labels end in it."""

    rules: Sequence[Box]
    boxes: Sequence[Checkbox]
    known: frozenset[str]
    colons: tuple[str, ...]


class Sheet:
    """A page's phrases and horizontal rules, found by where they stand."""

    def __init__(self, layout: PageLayout, known: frozenset[str]) -> None:
        self.layout = layout
        self._across = sorted(layout.marks.across, key=lambda rule: rule.top)
        self._rule_tops = [rule.top for rule in self._across]
        lines = [phrase for segment in layout.segments for phrase in self._phrases(segment, known)]
        self._place(lines)
        self._place(self._joined())

    def _place(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(sorted(phrases, key=lambda phrase: phrase.box.top))
        self._tops = [phrase.box.top for phrase in self.phrases]
        self._tallest = max((phrase.box.height for phrase in self.phrases), default=0.0)

    def rules(self, top: float, bottom: float) -> list[Box]:
        """The horizontal rules that begin between the two, in pixels from the top."""
        return self._across[bisect_left(self._rule_tops, top) : bisect_right(self._rule_tops, bottom)]

    def between(self, top: float, bottom: float) -> Sequence[Phrase]:
        """The phrases whose tops are between the two, from top to bottom."""
        return self.phrases[bisect_left(self._tops, top) : bisect_right(self._tops, bottom)]

    def row(self, box: Box) -> list[Phrase]:
        """The phrases on the row of `box`, from left to right."""
        near = self.between(box.top - self._tallest, box.bottom)
        return sorted((one for one in near if same_row(one.box, box)), key=lambda one: one.box.left)

    def right_of(self, phrase: Phrase) -> list[Phrase]:
        """The phrases right of it on its row, from left to right."""
        start = phrase.box.centre[0]
        return [other for other in self.row(phrase.box) if other is not phrase and other.box.left > start]

    def _joined(self) -> list[Phrase]:
        """All phrases, labels of two lines as one."""
        made: list[Phrase] = []
        done: set[Phrase] = set()
        for phrase in self.phrases:
            if phrase in done:
                continue
            second = self._second_line(phrase)
            if second is None or second in done:
                made.append(phrase)
            else:
                done.add(second)
                made.append(together(phrase, second))
        return made

    def _second_line(self, phrase: Phrase) -> Phrase | None:
        """The line close under a label that goes on with it or remarks on it."""
        box, height = phrase.box, phrase.height
        for other in self.between(box.bottom - 0.5 * height, box.bottom + _LINE_SPACING * height):
            parted = any(
                rule.left < other.box.right and rule.right > other.box.left
                for rule in self.rules(box.bottom - 0.2 * height, other.box.centre[1])
            )
            if aligned(box, other.box, height) and _goes_on(phrase, other) and not parted:
                return other
        return None

    def _phrases(self, segment: Segment, known: frozenset[str]) -> Iterator[Phrase]:
        boxes = [box for box in self.layout.marks.checkboxes if same_row(box.box, segment.box)]
        ground = _Ground(self._under(segment), boxes, known, _colons(segment))
        for group in _groups(segment.tokens, ground):
            bare = [token for token in group if not _LEADER.match(token.text)]
            if bare:
                yield self._phrase(bare, ground, room=_leads_on(group[-1]))

    def _under(self, segment: Segment) -> list[Box]:
        """The rules that the segment's words may stand on."""
        box = segment.box
        return [
            rule
            for rule in self.rules(box.bottom + _RULE_UNDER[0] * box.height, box.bottom + _RULE_UNDER[1] * box.height)
            if rule.left < box.right and rule.right > box.left
        ]

    def _phrase(self, tokens: Sequence[Token], ground: _Ground, *, room: bool) -> Phrase:
        box = union(token.box for token in tokens)
        line = next((rule for rule in ground.rules if rule.left < box.centre[0] < rule.right), None)
        colon = _is_label_end(tokens, ground.colons)
        return Phrase(tuple(tokens), box, text_of(tokens), colon, room, line, self._box_before(box))

    def _box_before(self, box: Box) -> Checkbox | None:
        """The box to tick that stands left of the words, close to them."""
        near = [
            one
            for one in self.layout.marks.checkboxes
            if same_row(one.box, box) and -0.5 * box.height < box.left - one.box.right < _NEXT_TO_BOX * box.height
        ]
        return max(near, key=lambda one: one.box.left, default=None)


def _goes_on(phrase: Phrase, other: Phrase) -> bool:
    """Whether the label `phrase` has `other` as its second line: "Source of / information:", "Amount / (in words)"."""
    if phrase.checkbox or other.checkbox or not phrase.text[:1].isupper():
        return False
    if is_remark(other.text):
        return phrase.colon or len(phrase.tokens) <= _LONGEST_FIRST_LINE
    return other.colon and not phrase.colon and (_UNFINISHED.search(phrase.text) is not None or other.text[0].islower())


def aligned(one: Box, other: Box, reach: float) -> bool:
    """Whether the two begin, end or have their middles under each other, but for `reach` pixels."""
    return (
        abs(one.left - other.left) < reach
        or abs(one.right - other.right) < reach
        or abs(one.centre[0] - other.centre[0]) < reach
    )


def is_remark(text: str) -> bool:
    """Whether it is words in brackets: "(if any)", not "(216)"."""
    return _REMARK.match(text) is not None


def together(one: Phrase, other: Phrase) -> Phrase:
    """Two lines of a label as one phrase."""
    text = f"{one.text} {other.text}"
    return Phrase((*one.tokens, *other.tokens), union((one.box, other.box)), text, one.colon or other.colon)


def _colons(segment: Segment) -> tuple[str, ...]:
    """What ends a label in the segment: a semicolon where OCR may have read a colon as one."""
    return _COLON if any(token.text.endswith(":") for token in segment.tokens) else (*_COLON, _SEMICOLON)


def _groups(tokens: Sequence[Token], ground: _Ground) -> Iterator[list[Token]]:
    """The segment's words, cut wherever a label or a value ends."""
    group: list[Token] = []
    after_label = False
    for token in tokens:
        if group and _cut(group, token, ground):
            yield from _split(group, ground, after_label=after_label)
            after_label = _is_label_end(group, ground.colons) or _box_between(group[-1], token, ground.boxes)
            group = []
        group.append(token)
    if group:
        yield from _split(group, ground, after_label=after_label)


def _cut(group: Sequence[Token], token: Token, ground: _Ground) -> bool:
    last = group[-1]
    return (
        _is_label_end(group, ground.colons)
        or (last.text.endswith(_SEMICOLON) and _SEMICOLON not in ground.colons)
        or (_leads_on(last) and not _LEADER.match(token.text))
        or (_NUMBER_FOLLOWS.match(last.text) is not None and any(map(str.isdigit, token.text)))
        or _box_between(last, token, ground.boxes)
        or any(_ends_between(last, token, rule) for rule in ground.rules)
    )


def _leads_on(token: Token) -> bool:
    return _LEADER.match(token.text) is not None or _LEADS_ON.search(token.text) is not None


def _box_between(one: Token, other: Token, boxes: Iterable[Checkbox]) -> bool:
    return any(one.box.centre[0] < box.box.centre[0] < other.box.centre[0] for box in boxes)


def _is_label_end(group: Sequence[Token], colons: tuple[str, ...]) -> bool:
    end = group[-1].text
    colon = end.endswith(colons) and not (end.endswith(_SEMICOLON) and len(group) > _READ_AS_COLON)
    return colon and any(any(map(str.isalpha, token.text)) for token in group)


def _ends_between(one: Token, other: Token, rule: Box) -> bool:
    """Whether the line that words stand on begins before `other` or ends behind `one`."""
    reach = 0.4 * other.height
    begins = one.box.right - reach <= rule.left <= other.box.left + reach
    ends = one.box.right - reach <= rule.right <= other.box.left + reach
    return begins or ends


def _split(group: list[Token], ground: _Ground, *, after_label: bool) -> Iterator[list[Token]]:
    """A value and the label that follows it: "Ann Lee Phone:"; or a known label and a number: "DOB 12/21/1947"."""
    ends_label = after_label and _is_label_end(group, ground.colons)
    start = _label_start(group, ground.known) if ends_label else _known_ends(group, ground.known)
    if start:
        yield group[:start]
    yield group[start:]


def _label_start(group: Sequence[Token], known: frozenset[str]) -> int:
    """Where the label begins that ends `group`: a known one, or what follows a digit or the widest gap, or one word."""
    for start in range(1, len(group)):
        if plain(text_of(group[start:])) in known:
            return start
    digits = [at for at in range(len(group) - 1) if any(map(str.isdigit, group[at].text))]
    if digits:
        return digits[-1] + 1
    gaps = [(group[at].box.left - group[at - 1].box.right, at) for at in range(1, len(group))]
    return max(gaps, default=(0.0, 0))[1]


def _known_ends(group: Sequence[Token], known: frozenset[str]) -> int:
    """Where a number, or words in other letters, follow a label that is known, 0 if none do.

    A year may be part of it: "Paid 1987".
    """
    for end in range(1, len(group)):
        label, following = text_of(group[:end]), group[end].text
        if any(map(str.isdigit, following)):
            year = end + 1 == len(group) and _YEAR.match(following)
            return end if label[0].isupper() and not year and plain(label) in known else 0
        if end > 1 and label.isupper() != text_of(group[end:]).isupper() and plain(label) in known:
            return end
    return 0
