"""Verifying the audit logs of all organizations: each chain from its first entry, and the tree over them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy.orm import Session

from shared.audit import ChainFault, Head, TreeHead, verify_chain
from shared.audit.tree import Frontier, Place
from shared.crypto.signing import verifying_key
from syncserver.audit import repository, tree_rows
from syncserver.audit.models import AuditHead
from syncserver.audit.retention import removed_through
from syncserver.audit.service import begins, chain_key, place_before, writers_before
from syncserver.audit.tree import head_of
from syncserver.audit.tree_rows import LeafAndEntry
from syncserver.kit.secret import ServerKeys

_BATCH = 512


@dataclass(frozen=True, slots=True)
class VerifiedChain:
    """What became of one chain's verification; `fault` is None when it is whole."""

    organization_id: UUID
    chain: UUID
    length: int
    fault: ChainFault | None


@dataclass(frozen=True, slots=True)
class TreeFault:
    """The index (from 0) of the first wrong leaf, and what is wrong with it."""

    leaf: int
    reason: str


@dataclass(frozen=True, slots=True)
class VerifiedTree:
    """What became of a tree's verification: of so many leaves, under so many signed heads."""

    organization_id: UUID
    size: int
    heads: int
    fault: TreeFault | None


def verify_all(
    session: Session, keys: ServerKeys, held: Sequence[TreeHead] = ()
) -> Iterator[VerifiedChain | VerifiedTree]:
    """Every chain and tree of every organization; `held` are heads that somebody kept elsewhere."""
    heads = repository.heads(session)
    for organization_id, chains in groupby(heads, key=attrgetter("organization_id")):  # they come in this order
        removed = removed_through(session, organization_id)
        for head in chains:
            yield _verified_chain(session, keys, head, removed.get(head.chain, 0))
        own = [head for head in held if head.tree == str(organization_id)]
        yield _verified_tree(session, keys, organization_id, own, removed)


def _verified_chain(session: Session, keys: ServerKeys, head: AuditHead, removed: int) -> VerifiedChain:
    public_key = chain_key(session, keys, head.organization_id, head.chain)
    entries = repository.entries(session, head.organization_id, head.chain)
    after = _last_removed(session, head, removed)
    ancestors = writers_before(session, head.organization_id, head.chain)
    fault = verify_chain(entries, str(head.chain), public_key, [(head.sequence, head.digest)], after, ancestors)
    return VerifiedChain(head.organization_id, head.chain, head.sequence, fault)


def _last_removed(session: Session, head: AuditHead, removed: int) -> Head:
    """What the first entry that is left follows: the tree remembers the digest."""
    leaf = tree_rows.leaf_of(session, head.organization_id, head.chain, removed) if removed else None
    return (removed, leaf.digest) if leaf else place_before(session, head.organization_id, head.chain)


class _WrongLeaf(Exception):
    """Raised at the first wrong leaf."""


def _verified_tree(
    session: Session, keys: ServerKeys, organization_id: UUID, held: Sequence[TreeHead], removed: Mapping[UUID, int]
) -> VerifiedTree:
    own = [head_of(row, keys) for row in tree_rows.heads(session, organization_id)]
    server_key = verifying_key(keys.audit).hex()
    first = {chain: begin.after for chain, begin in begins(session, organization_id).items()}
    walk = _Walk(removed, _by_size([*own, *held]), server_key, first)
    fault = None
    try:
        _walk_all(session, organization_id, walk)
    except _WrongLeaf as wrong:
        fault = TreeFault(*wrong.args)
    except ValueError:  # somebody wrote what is no hexadecimal
        fault = TreeFault(walk.frontier.size, "what is kept of the tree here is no hash")
    return VerifiedTree(organization_id, walk.frontier.size, len(own), fault)


def _walk_all(session: Session, organization_id: UUID, walk: "_Walk") -> None:
    while found := tree_rows.leaves_with_entries(
        session, organization_id, walk.frontier.size, walk.frontier.size + _BATCH
    ):
        first = walk.frontier.size
        full = walk.past(found)
        session.expunge_all()  # the whole log passes through; a little of it is held at once
        kept = tree_rows.nodes_within(session, organization_id, first, walk.frontier.size)
        wrong = [place for place, digest in full if place[0] and kept.get(place) != digest]
        if wrong:
            level, position = wrong[0]
            raise _WrongLeaf(position << level, f"the hash that is kept of {1 << level} leaves from here is wrong")
    walk.end(tree_rows.tree_size(session, organization_id))


def _by_size(heads: Iterable[TreeHead]) -> dict[int, list[TreeHead]]:
    sizes: dict[int, list[TreeHead]] = {}
    for head in heads:
        sizes.setdefault(head.size, []).append(head)
    return sizes


@dataclass(slots=True)
class _Walk:
    """A walk over a tree's leaves, from the first on."""

    removed: Mapping[UUID, int]
    heads: Mapping[int, Sequence[TreeHead]]
    server_key: str
    first: Mapping[UUID, int]
    """After which entry the chains begin that share their first ones with another."""
    frontier: Frontier = field(default_factory=Frontier)
    _through: dict[UUID, int] = field(default_factory=dict)

    def past(self, found: Sequence[LeafAndEntry]) -> list[tuple[Place, bytes]]:
        """The subtrees that are full after these leaves. Raises _WrongLeaf."""
        full: list[tuple[Place, bytes]] = []
        for one in found:
            self._check(one)
            full += self.frontier.append(tree_rows.hash_of(one.leaf.digest))
            self._check_heads()
        return full

    def end(self, size: int) -> None:
        """These were all. Raises _WrongLeaf when there were more once."""
        longest = max([size, *self.heads])
        if self.frontier.size < longest:
            raise _WrongLeaf(self.frontier.size, f"the tree ends here, but it had {longest} leaves")

    def _check(self, one: LeafAndEntry) -> None:
        leaf, place = one.leaf, self.frontier.size
        what = f"entry {leaf.sequence} of chain {leaf.chain}"
        if leaf.leaf_index != place:
            raise _WrongLeaf(place, "the leaf is missing")
        due = self._through.get(leaf.chain, self.first.get(leaf.chain, 0)) + 1
        if leaf.sequence != due:
            raise _WrongLeaf(place, f"{what} stands where its entry {due} belongs")
        self._through[leaf.chain] = due
        if one.entry is None and leaf.sequence > self.removed.get(leaf.chain, 0):
            raise _WrongLeaf(place, f"{what} is missing")
        if one.entry and one.entry.digest != leaf.digest:
            raise _WrongLeaf(place, f"{what} is not the one that became a leaf")

    def _check_heads(self) -> None:
        for head in self.heads.get(self.frontier.size, ()):
            if head.server_key != self.server_key or not head.is_genuine():
                raise _WrongLeaf(head.size - 1, "the tree head that ends here is not signed with this server's key")
            if head.root != self.frontier.root().hex():
                raise _WrongLeaf(head.size - 1, "the tree up to here is not the one whose head was signed")
