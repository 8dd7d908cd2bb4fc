"""The tree over an organization's audit log: entries become leaves, heads are signed, proofs are read from it.

An act does not wait for the tree: its entry stands in its chain at once, and becomes a leaf when somebody asks for a
head or a proof, at the latest when the notary comes by (`decisions/audit-tree.md`).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.audit import TreeHead, sign_tree_head
from shared.audit.tree import (
    Frontier,
    Span,
    consistency_spans,
    cover,
    inclusion_spans,
    places_of,
    span_hash,
)
from shared.clock import to_rfc3339
from shared.crypto.signing import verifying_key
from syncserver.audit import tree_rows
from syncserver.audit.models import AuditTree, SignedTreeHead
from syncserver.audit.schemas import ConsistencyProof, InclusionProof, TreeHeadView
from syncserver.kit.errors import InvalidRequest, NotFound
from syncserver.kit.secret import ServerKeys

_AT_ONCE = 5_000
"""Leaves that one transaction adds: it holds the tree for half a second then."""


def grow(session: Session, keys: ServerKeys, organization_id: UUID, now: datetime, *, at_once: int = _AT_ONCE) -> int:
    """Entries that were no leaves are, `at_once` at most, under a head signed `now`; how many they were."""
    tree = tree_rows.lock_tree(session, organization_id)
    entries = tree_rows.entries_behind(session, organization_id, at_once)
    if entries:
        frontier = _frontier(session, tree)
        full = [node for _, _, digest in entries for node in frontier.append(tree_rows.hash_of(digest))]
        tree_rows.add_leaves(session, organization_id, tree.size, entries)
        tree_rows.add_nodes(session, organization_id, full)
        tree.size = frontier.size
        _sign(session, keys, organization_id, frontier, now)
    return len(entries)


def grow_whole(session: Session, keys: ServerKeys, organization_id: UUID, now: datetime) -> None:
    """Every entry so far has its leaf, however many they are."""
    while grow(session, keys, organization_id, now):
        pass


def current_head(session: Session, keys: ServerKeys, organization_id: UUID, now: datetime) -> TreeHead:
    """The signed head over every entry so far (over as many more as one transaction takes, of very many)."""
    grow(session, keys, organization_id, now)
    return signed_head(session, keys, organization_id, tree_rows.tree_size(session, organization_id))


def signed_head(session: Session, keys: ServerKeys, organization_id: UUID, size: int) -> TreeHead:
    """The head that was signed when the tree had `size` leaves. Raises NotFound."""
    row = tree_rows.head(session, organization_id, size)
    if row is None:
        raise NotFound("No tree head of this size was signed.")
    return head_of(row, keys)


def inclusion_proof(
    session: Session, head: TreeHead, organization_id: UUID, chain: UUID, sequence: int
) -> InclusionProof:
    """That the entry is a leaf of the tree under `head`. Raises NotFound."""
    leaf = tree_rows.leaf_of(session, organization_id, chain, sequence)
    if leaf is None or leaf.leaf_index >= head.size:
        raise NotFound("This tree has no such entry. Name its chain and its sequence, and a tree that is large enough.")
    path = _hashes(session, organization_id, inclusion_spans(leaf.leaf_index, head.size))
    return InclusionProof(
        head=TreeHeadView.of(head),
        leaf_index=leaf.leaf_index,
        digest=leaf.digest,
        leaf_hash=tree_rows.hash_of(leaf.digest).hex(),
        path=path,
    )


def consistency_proof(session: Session, head: TreeHead, organization_id: UUID, old: int) -> ConsistencyProof:
    """That the tree under `head` begins with the one that had `old` leaves. Raises InvalidRequest."""
    if not 0 < old <= head.size:
        raise InvalidRequest(f"first: The tree has {head.size} leaves: name a size from 1 to that.")
    path = _hashes(session, organization_id, consistency_spans(old, head.size))
    return ConsistencyProof(head=TreeHeadView.of(head), first_size=old, path=path)


def head_of(row: SignedTreeHead, keys: ServerKeys) -> TreeHead:
    """The head as it was signed."""
    server_key = verifying_key(keys.audit).hex()
    return TreeHead(str(row.organization_id), row.size, row.root, row.at, server_key, row.signature)


def _frontier(session: Session, tree: AuditTree) -> Frontier:
    places = cover((0, tree.size))
    kept = tree_rows.nodes(session, tree.organization_id, places)
    return Frontier(tree.size, [kept[place] for place in places])


def _sign(session: Session, keys: ServerKeys, organization_id: UUID, frontier: Frontier, now: datetime) -> None:
    head = sign_tree_head(keys.audit, str(organization_id), frontier.size, frontier.root(), to_rfc3339(now))
    session.add(
        SignedTreeHead(
            organization_id=organization_id, size=head.size, root=head.root, at=head.at, signature=head.signature
        )
    )
    session.flush()


def _hashes(session: Session, organization_id: UUID, spans: list[Span]) -> list[str]:
    kept = tree_rows.nodes(session, organization_id, places_of(spans))
    return [span_hash(span, kept).hex() for span in spans]
