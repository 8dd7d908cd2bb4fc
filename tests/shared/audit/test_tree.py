"""The Merkle tree of RFC 9162: against published hashes, and against the definition computed from all leaves."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    Place,
    consistency_spans,
    inclusion_spans,
    is_consistent,
    is_included,
    leaf_hash,
    places_of,
    span_hash,
)
from shared.audit.tree_head import sign_tree_head

# Of Certificate Transparency's reference implementation: the leaves, and the root over the first n of them.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUDED = [  # index and size (from 0 and 1), and the proof
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]
CONSISTENT = [
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
]
sizes = st.integers(1, 300)


class Kept:
    """A log of `size` leaves as a server keeps it: the perfect subtrees, appended one leaf at a time."""

    def __init__(self, leaves: list[bytes]) -> None:
        frontier = Frontier()
        self.nodes: dict[Place, bytes] = {}
        self.roots = [EMPTY_ROOT]
        for leaf in leaves:
            self.nodes |= dict(frontier.append(leaf))
            self.roots.append(frontier.root())

    def included(self, index: int, size: int) -> list[bytes]:
        return [span_hash(span, self.nodes) for span in inclusion_spans(index, size)]

    def consistent(self, old: int, new: int) -> list[bytes]:
        return [span_hash(span, self.nodes) for span in consistency_spans(old, new)]


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(2, "big")) for number in range(count)]


GROWN = Kept(leaves_of(300))
PUBLISHED = Kept([leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES])


def split(size: int) -> int:
    return max(1 << power for power in range(size.bit_length()) if 1 << power < size)


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + defined_root(leaves[:k]) + defined_root(leaves[k:])).digest()


def defined_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*defined_path(m, leaves[:k]), defined_root(leaves[k:])]
    return [*defined_path(m - k, leaves[k:]), defined_root(leaves[:k])]


def defined_subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [defined_root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*defined_subproof(m, leaves[:k], whole), defined_root(leaves[k:])]
    return [*defined_subproof(m - k, leaves[k:], False), defined_root(leaves[:k])]


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    assert PUBLISHED.roots[size].hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUDED)
def test_published_inclusion_proofs(index: int, size: int, proof: list[str]) -> None:
    assert [step.hex() for step in PUBLISHED.included(index, size)] == proof


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENT)
def test_published_consistency_proofs(old: int, new: int, proof: list[str]) -> None:
    assert [step.hex() for step in PUBLISHED.consistent(old, new)] == proof


@given(size=sizes)
def test_a_root_is_what_the_definition_says(size: int) -> None:
    assert GROWN.roots[size] == defined_root(leaves_of(size))
    assert span_hash((0, size), GROWN.nodes) == GROWN.roots[size]


@given(size=sizes, data=st.data())
def test_an_inclusion_proof_is_what_the_definition_says_and_holds(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = GROWN.included(index, size)

    assert proof == defined_path(index, leaves_of(size))
    assert is_included(GROWN.nodes[0, index], index, size, proof, GROWN.roots[size])


@given(new=sizes, data=st.data())
def test_a_consistency_proof_is_what_the_definition_says_and_holds(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = GROWN.consistent(old, new)

    assert proof == defined_subproof(old, leaves_of(new), True)
    assert is_consistent(old, new, proof, GROWN.roots[old], GROWN.roots[new])


@given(size=sizes, data=st.data())
def test_no_inclusion_proof_holds_for_anything_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, leaf, root = GROWN.included(index, size), GROWN.nodes[0, index], GROWN.roots[size]

    assert not is_included(leaf_hash(b"another"), index, size, proof, root)
    assert not is_included(leaf, index, size, proof, leaf_hash(b"another"))
    assert not is_included(leaf, index, size, [*proof, leaf], root)
    assert not is_included(leaf, size, size, proof, root)
    for place in range(len(proof)):
        assert not is_included(leaf, index, size, proof[:place] + proof[place + 1 :], root)
        assert not is_included(leaf, index, size, [*proof[:place], leaf_hash(b"x"), *proof[place + 1 :]], root)


@given(new=sizes, data=st.data())
def test_no_consistency_proof_holds_for_a_log_written_anew(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    changed = data.draw(st.integers(0, old - 1))
    leaves = leaves_of(new)
    leaves[changed] = leaf_hash(b"written anew")
    forged = Kept(leaves)

    assert not is_consistent(old, new, forged.consistent(old, new), GROWN.roots[old], forged.roots[new])
    assert not is_consistent(old, new, GROWN.consistent(old, new), GROWN.roots[old], forged.roots[new])
    assert not is_consistent(0, new, [], EMPTY_ROOT, GROWN.roots[new])


def test_proofs_of_a_large_log_take_few_hashes() -> None:
    million = 1_000_000
    assert len(places_of(inclusion_spans(777_777, million))) <= 40
    assert len(places_of(consistency_spans(654_321, million))) <= 40


def test_a_signed_head_is_genuine_as_it_is_and_in_no_other_way() -> None:
    head = sign_tree_head(b"k" * 32, "north", 8, PUBLISHED.roots[8], "2026-03-01T08:00:00Z")

    assert head.is_genuine()
    assert not replace(head, size=9).is_genuine()
    assert not replace(head, root=ROOTS[6]).is_genuine()
    assert not replace(head, tree="south").is_genuine()
    assert not replace(head, at="2026-03-02T08:00:00Z").is_genuine()
    assert not replace(head, signature="zz").is_genuine()
