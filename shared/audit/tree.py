"""A Merkle tree over a log's entries, as RFC 9162 section 2.1 has it: roots, inclusion proofs, consistency proofs.

A tree of any size is made of perfect subtrees, which never change once they are full. Whoever keeps a log keeps their
roots, by `Place`; every root and proof is then made of a few of them (O(log n)), and nothing is computed anew.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Place = tuple[int, int]
"""A perfect subtree: the leaves from `position << level` on, `1 << level` of them. Level 0 is the leaves."""
Span = tuple[int, int]
"""The leaves from the first number up to, but without, the second."""

EMPTY_ROOT = hashlib.sha256().digest()
"""Of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds `data` (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The right edge of a tree of `size` leaves: the hashes of its largest perfect subtrees, from left to right."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """One leaf more, by its hash; the perfect subtrees that are full with it, itself first."""
        full = [((0, self.size), leaf)]
        self.peaks.append(leaf)
        self.size += 1
        level = 0
        while self.size >> level & 1 == 0:
            level += 1
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)
            full.append(((level, (self.size >> level) - 1), self.peaks[-1]))
        return full

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return _folded(self.peaks) if self.peaks else EMPTY_ROOT


def cover(span: Span) -> list[Place]:
    """The largest perfect subtrees that a subtree over `span` is made of, from left to right."""
    first, end = span
    places = []
    while first < end:
        level = (end - first).bit_length() - 1
        places.append((level, first >> level))
        first += 1 << level
    return places


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove that leaf `index` is in the tree of `size` leaves, the lowest first."""
    spans: list[Span] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _left_part(end - first)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The subtrees whose hashes prove that the tree of `new` leaves begins with that of `old` (0 < old <= new)."""
    spans: list[Span] = []
    first, end = 0, new
    while end != old:
        middle = first + _left_part(end - first)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1] if first == 0 else [(first, end), *spans[::-1]]  # the whole old tree is known to who asks


def span_hash(span: Span, nodes: Mapping[Place, bytes]) -> bytes:
    """The hash of the subtree over `span`, from those of the perfect subtrees that `cover` names."""
    places = cover(span)
    return _folded([nodes[place] for place in places]) if places else EMPTY_ROOT


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that leaf `index` of a tree of `size` leaves has the hash `leaf` (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `proof` shows that a tree of `new` leaves begins with that of `old` (section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(step, found_old), node_hash(step, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def places_of(spans: Iterable[Span]) -> set[Place]:
    """Every perfect subtree whose hash is needed for the hashes of `spans`."""
    return {place for span in spans for place in cover(span)}


def _left_part(size: int) -> int:
    """The largest power of two that is smaller than `size`, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def _folded(peaks: Sequence[bytes]) -> bytes:
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node_hash(peak, found)
    return found
