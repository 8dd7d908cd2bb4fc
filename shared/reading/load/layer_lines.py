"""Lines of text from the words of a text layer: pure geometry."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from shared.documents import Box, Point, Polygon, TextLine, Word, union
from shared.reading.load.text_layer import LayerWord

SURE = 0.99
"""Confidence of a word that the file spells and the page shows. Not 1.0: that the letter drawn is the one spelled
rests on the font's own map, and fonts were seen to lie."""

_SAME_ROW = 0.5  # of the lower word's height, by which words of one line overlap
_NEXT_COLUMN = 1.5  # heights between words that are no longer one line: what the detector parts too
_ONE_WORD = 0.08  # heights between parts of one word that the file places apart

Size = tuple[int, int]


def upright_turn(words: Iterable[LayerWord]) -> int:
    """Degrees clockwise (0, 90, 180, 270) by which the picture is to be turned for most letters to stand upright."""
    letters = [0, 0, 0, 0]
    for word in words:
        letters[word.quarter] += len(word.text)
    return _turn_of(max(range(4), key=lambda quarter: letters[quarter]))


def lines_of(words: Iterable[LayerWord], size: Size, turn: int) -> tuple[TextLine, ...]:
    """The lines of `words` that stand on a picture of `size`, from top to bottom of it turned clockwise by `turn`."""
    lines: list[TextLine] = []
    ordered = sorted(words, key=lambda word: word.quarter)
    for quarter, group in groupby(ordered, key=lambda word: word.quarter):
        own_turn = _turn_of(quarter)
        upright = [(word.text, turned_box(word.box, size, own_turn)) for word in group]
        back = (turn - own_turn) % 360
        own_size = _turned_size(size, own_turn)
        lines.extend(_line(parts, own_size, back) for row in _rows(upright) for parts in _columns(row))
    return tuple(sorted(lines, key=lambda line: min((y, x) for x, y in line.polygon)))


def turned_box(box: Box, size: Size, turn: int) -> Box:
    """Where `box` of a picture of `size` comes to lie when the picture is turned clockwise by `turn` degrees."""
    if turn == 0:
        return box
    corners = _turned_corners(box, size, turn)
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


_Placed = tuple[str, Box]


def _turn_of(quarter: int) -> int:
    return (360 - 90 * quarter) % 360


def _rows(words: Sequence[_Placed]) -> list[list[_Placed]]:
    rows: list[list[_Placed]] = []
    for word in sorted(words, key=lambda word: word[1].centre[1]):
        if rows and _beside(rows[-1][-1][1], word[1]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word[1].left) for row in rows]


def _beside(one: Box, other: Box) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) >= _SAME_ROW * min(one.height, other.height)


def _columns(row: Sequence[_Placed]) -> list[list[_Placed]]:
    columns: list[list[_Placed]] = []
    for text, box in row:
        gap = (box.left - columns[-1][-1][1].right) / max(box.height, 1.0) if columns else _NEXT_COLUMN + 1
        if gap > _NEXT_COLUMN:
            columns.append([(text, box)])
        elif gap < _ONE_WORD:
            before, place = columns[-1].pop()
            columns[-1].append((before + text, union([place, box])))
        else:
            columns[-1].append((text, box))
    return columns


def _line(parts: Sequence[_Placed], size: Size, turn: int) -> TextLine:
    words = tuple(Word(text, SURE, _turned_corners(box, size, turn)) for text, box in parts)
    whole = _turned_corners(union(box for _, box in parts), size, turn)
    return TextLine(" ".join(word.text for word in words), SURE, whole, words)


def _turned_corners(box: Box, size: Size, turn: int) -> Polygon:
    left, top, right, bottom = round(box.left, 1), round(box.top, 1), round(box.right, 1), round(box.bottom, 1)
    corners = (left, top), (right, top), (right, bottom), (left, bottom)
    if turn == 0:
        return corners
    a, b, c, d = (_turned(corner, size, turn) for corner in corners)
    return a, b, c, d


def _turned(point: Point, size: Size, turn: int) -> Point:
    """Where `point` of a picture of `size` comes to lie when the picture is turned clockwise by `turn` degrees."""
    (x, y), (width, height) = point, size
    turned = {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[turn]
    return round(turned[0], 1), round(turned[1], 1)


def _turned_size(size: Size, turn: int) -> Size:
    return (size[1], size[0]) if turn in (90, 270) else size
