"""What is listed under a heading or beside it without a row of headings: diagnoses with codes, medicines' orders."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.documents.reading import Row
from shared.reading.extraction.anchors import Anchor, Role
from shared.reading.extraction.confidence import Origin
from shared.reading.extraction.diagnoses import icd10
from shared.reading.extraction.layout import PageLayout, Token, same_row, text_of
from shared.reading.extraction.normalised import KEPT
from shared.reading.extraction.orders import parse_order
from shared.reading.extraction.tables.cells import Printed, row_of
from shared.reading.extraction.tables.lines import Line, box_of, pieces
from shared.reading.extraction.tables.rows import is_nothing
from shared.templates import Kind, Table

_ENDS_AFTER = 1.6  # heights without a line
_OUT_OF_STEP = 1.5  # of the least distance from one line of a list to the next, above which it is over
_BEGINS_WITHIN = 2.5  # heights under the heading
_MOST_LINES = 40
_MOST_WORDS_OF_A_NAME = 4
_BULLET = re.compile(r"^(?:[•·*▪●○◦■□\-–—>+]|[(#]?(?:\d{1,2}|[a-l])[.):]|[(#]\d{1,2})$", re.IGNORECASE)
_GLUED_BULLET = re.compile(r"^(?:[•·▪●○◦■]|[(#]?\d{1,2}[.)](?=[A-Za-z]))")
_SEPARATOR = re.compile(r"^[\s()\[\]\-–—:;,.]*$")
_CODE = re.compile(
    r"^[(\[\-–—:]*[A-TV-Z|1l][0-9OIlSBZ|][0-9A-Za-z](?:[.,][0-9A-Za-z]{1,4}|[0-9A-Z]{0,4})[)\],;:.\-–—]*$"
)
_QUALIFIES = re.compile(
    r"^(?:[a-z]|(?i:stage|type|unspecified|nos|acute|chronic|without|with|initial|subsequent|not|other|uncomplicated)\b)"
)

_STATUS = re.compile(
    r"^(?:active|inactive|on hold|held|hold|new|changed?|continued?|discontinued|d/c'?d|stopped|completed)\W*$",
    re.IGNORECASE,
)
_SAID = {
    "ordered_by": re.compile(r"^(?:(?:ordered|prescribed|rx) by|prescriber|per|by)\b:?", re.IGNORECASE),
    "start_date": re.compile(r"^(?:start(?:ed|s)?(?: date| on)?|since|began|from)\b:?", re.IGNORECASE),
    "stop_date": re.compile(
        r"^(?:stop(?:ped|s)?(?: date| on)?|until|through|ends?(?:ed)?|discontinued on)\b:?", re.IGNORECASE
    ),
}

Parts = dict[str, tuple[Token, ...]]
"""An item's words by column."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list's rows, and the words that are part of it."""

    rows: tuple[Row, ...]
    tokens: frozenset[Token]


def read_list(
    layout: PageLayout, lines: Sequence[Line], anchors: Sequence[Anchor], table: Table, taken: Collection[Token]
) -> Listed | None:
    """What the page lists of `table`, None where it lists nothing."""
    kinds = {column.kind: column.name for column in table.columns}
    if Kind.ICD10 not in kinds and Kind.DOSE not in kinds:
        return None
    read = _diagnoses if Kind.ICD10 in kinds else _orders
    rows: list[Row] = []
    tokens: set[Token] = set()
    for head in anchors:
        if not any(meaning.name == table.name for meaning in head.means(Role.HEADING)):
            continue
        if not tokens.isdisjoint(head.tokens) or not frozenset(taken).isdisjoint(head.tokens):
            continue
        listed = _lines(layout, lines, anchors, head, taken)
        items = [parts for item in _items(layout, listed, kinds) for parts in read(item, table.columns[0].name, kinds)]
        printed = Printed(layout.number, {table.columns[0].name: head.likeness}, Origin.LIST, layout.dates)
        kept = _believed(items, listed, kinds)
        columns = {name for parts in kept for name in parts}
        made = [row_of(table, parts, printed, columns) for parts in kept]
        rows.extend(row for row in made if row[table.columns[0].name] is not None)
        if made:
            tokens.update(token for line in listed for token in line)
    return Listed(tuple(rows), frozenset(tokens)) if rows else None


def _lines(
    layout: PageLayout, lines: Sequence[Line], anchors: Sequence[Anchor], head: Anchor, taken: Collection[Token]
) -> list[Line]:
    """The lines beside a heading and under it, as far as they are nobody else's."""
    box = head.box
    others = [anchor for anchor in anchors if anchor is not head and not anchor.inline]
    labels = {token for anchor in others for token in anchor.tokens}.union(taken)
    surely = {token for anchor in others if anchor.colon for token in anchor.tokens}.union(taken)
    beside = [line for line in _right_of(lines, head) if labels.isdisjoint(line)]
    left = box_of(beside[0]).left if beside else _list_left(layout, lines, head)
    found = beside[:1]
    bottom = box.bottom
    for line in lines:
        kept = tuple(token for token in line if token.box.left > left - 2 * box.height)
        if not kept or kept[0].box.centre[1] <= box.bottom:
            continue
        top = min(token.box.top for token in kept)
        reach = _ENDS_AFTER if found else _BEGINS_WITHIN
        ending = surely if _is_item(kept) else labels  # "Type" is a label, but not in "Type 2 diabetes E11.9"
        if top - bottom > reach * layout.line_height or not ending.isdisjoint(line) or len(found) >= _MOST_LINES:
            break
        if found and _begins_item(found[0][0]) and _left_of_items(kept, found[0]):
            break
        if len(found) > 1 and kept[0].box.top - found[-1][0].box.top > _OUT_OF_STEP * _least_step(found):
            break
        found.append(kept)
        bottom = max(token.box.bottom for token in kept)
    return found


def _least_step(lines: Sequence[Line]) -> float:
    return min(box_of(lower).top - box_of(upper).top for upper, lower in pairwise(lines))


def _is_item(line: Line) -> bool:
    """Whether the line shows that it is listed: by a bullet, a code, or a dose."""
    return _begins_item(line[0]) or any(_is_code(token) for token in line) or bool(parse_order(line).dose)


def _left_of_items(line: Line, first: Line) -> bool:
    """Whether a line without a bullet begins left of the words behind the bullets."""
    if _begins_item(line[0]) or not _BULLET.match(first[0].text):
        return False
    return line[0].box.left < first[0].box.left + first[0].height / 2


def _list_left(layout: PageLayout, lines: Sequence[Line], head: Anchor) -> float:
    """Where a list under a heading begins: below it, or, under a heading in the middle of its line, anywhere."""
    box = head.box
    alone = any(set(line) == set(head.tokens) for line in lines)
    below = next((line for line in lines if box_of(line).centre[1] > box.bottom), None)
    if not alone or below is None:
        return box.left
    aligned = any(abs(piece[0].box.left - box.left) < 3 * box.height for piece in pieces(layout, below))
    return box.left if aligned else min(box.left, below[0].box.left)


def _right_of(lines: Sequence[Line], head: Anchor) -> list[Line]:
    own = set(head.tokens)
    beside = [
        tuple(token for token in line if token not in own and token.box.left >= head.box.right - 1)
        for line in lines
        if any(same_row(token.box, head.box) for token in line) and not own.isdisjoint(line)
    ]
    return [line for line in beside if line]


def _items(layout: PageLayout, lines: Sequence[Line], kinds: Mapping[Kind, str]) -> list[Line]:
    """The items of the list: pieces of lines, together with those that go on with them."""
    bulleted = sum(1 for line in lines if _begins_item(line[0]))
    items: list[list[Token]] = []
    for line in lines:
        if is_nothing(text_of(line)):
            continue
        for number, piece in enumerate(pieces(layout, line)):
            new = _begins_item(piece[0]) or (
                _stands_alone(piece, items[-1] if items else (), kinds)
                if number
                else bulleted <= 1 and not _only_code(piece)
            )
            if new or not items:
                items.append(list(piece))
            else:
                items[-1].extend(piece)
    return [tuple(item) for item in items]


def _begins_item(token: Token) -> bool:
    return bool(_BULLET.match(token.text) or _GLUED_BULLET.match(token.text))


def _stands_alone(piece: Line, before: Sequence[Token], kinds: Mapping[Kind, str]) -> bool:
    """Whether a piece further right is an item of its own: both are whole."""
    if Kind.DOSE in kinds:
        return all(bool(order.name and order.dose) for order in (parse_order(piece), parse_order(before)))
    return not _only_code(piece) and not _only_code(before)


def _only_code(piece: Sequence[Token]) -> bool:
    words = [token for token in piece if not _SEPARATOR.match(token.text) and not _BULLET.match(token.text)]
    return bool(words) and all(_is_code(token) for token in words)


def _is_code(token: Token) -> bool:
    if not _CODE.match(token.text):
        return False
    code = icd10(token.text.strip("()[]-–—:;,."))
    return code is not None and code.plausibility > KEPT


def _diagnoses(item: Line, description: str, kinds: Mapping[Kind, str]) -> list[Parts]:
    """The diagnoses in an item: one, or several parted by their codes, semicolons or commas."""
    read = [_diagnosis(part, description, kinds[Kind.ICD10]) for part in _parted(_without_bullet(item))]
    return [parts for parts in read if parts is not None]


def _parted(words: Sequence[Token]) -> list[list[Token]]:
    codes = [number for number, word in enumerate(words) if _is_code(word)]
    if len(codes) > 1:
        behind = codes[0] > 0 and not all(_SEPARATOR.match(word.text) for word in words[: codes[0]])
        cuts = [number + 1 for number in codes[:-1]] if behind else codes[1:]
        return [list(words[start:end]) for start, end in zip([0, *cuts], [*cuts, len(words)], strict=True)]
    if codes:
        return [list(words)]
    parts: list[list[Token]] = [[]]
    for number, word in enumerate(words):
        parts[-1].append(word)
        following = words[number + 1].text if number + 1 < len(words) else ""
        if word.text.endswith(";") or (word.text.endswith(",") and following and _new_item(following)):
            parts.append([])
    return [part for part in parts if part]


def _new_item(word: str) -> bool:
    """Whether after a comma another diagnosis begins, not what qualifies the one before it."""
    return not _QUALIFIES.match(word) and not _CODE.match(word)


def _diagnosis(words: Sequence[Token], description: str, code: str) -> Parts | None:
    codes = [word for word in words if _is_code(word)]
    rest = [word for word in words if word not in codes]
    while rest and _SEPARATOR.match(rest[0].text):
        rest = rest[1:]
    while rest and _SEPARATOR.match(rest[-1].text):
        rest = rest[:-1]
    if not any(character.isalpha() for word in rest for character in word.text):
        return None
    return {description: tuple(rest), code: tuple(codes[:1])}


def _orders(item: Line, name: str, kinds: Mapping[Kind, str]) -> list[Parts]:
    words = _without_bullet(item)
    order = parse_order(words)
    if not order.name:
        return []
    if not (order.dose or order.route or order.frequency):
        return [{name: tuple(part)} for part in _parted(words) if len(part) <= _MOST_WORDS_OF_A_NAME]
    parts = {
        name: order.name,
        kinds[Kind.DOSE]: order.dose,
        kinds.get(Kind.ROUTE, ""): order.route,
        kinds.get(Kind.FREQUENCY, ""): order.frequency,
    }
    return [{**parts, **_remarks(order.more)}]


def _remarks(more: Sequence[Line]) -> Parts:
    """What is said behind an order, by column: "on hold", "per Ann Lee, MD", "since 03/01/2024"."""
    found: Parts = {}
    last = ""
    for part in more:
        text = text_of(part)
        if _STATUS.match(text):
            last = "status"
            found.setdefault(last, part)
        elif (said := next((name for name, begins in _SAID.items() if begins.match(text)), None)) and len(part) > 1:
            last = said
            found.setdefault(said, part[_words_said(_SAID[said], text) :])
        elif last == "ordered_by":
            found[last] += part  # "MD"
    return found


def _words_said(begins: re.Pattern[str], text: str) -> int:
    match = begins.match(text)
    return len(match[0].split()) if match else 0


def _believed(items: Sequence[Parts], lines: Sequence[Line], kinds: Mapping[Kind, str]) -> Sequence[Parts]:
    """Medicines named alone are believed where others have a dose, or the list has bullets."""
    if Kind.DOSE not in kinds or any(len(parts) > 1 for parts in items):
        return items
    return items if sum(1 for line in lines if _begins_item(line[0])) > 1 else ()


def _without_bullet(words: Line) -> Line:
    return words[1:] if len(words) > 1 and _BULLET.match(words[0].text) else words
