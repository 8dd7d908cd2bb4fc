"""Rows of the tree over an organization's audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, func, insert, select, tuple_
from sqlalchemy.orm import Session

from shared.audit.tree import Place, leaf_hash
from syncserver.audit.models import AuditEntryRow, AuditHead, AuditLeaf, AuditNode, AuditTree, SignedTreeHead
from syncserver.kit.database import insert_missing

Entry = tuple[UUID, int, str]
"""An entry's chain, sequence and digest."""


def lock_tree(session: Session, organization_id: UUID) -> AuditTree:
    """The organization's tree, locked until the transaction ends."""
    insert_missing(session, AuditTree, organization_id=organization_id, size=0)
    return session.get_one(AuditTree, organization_id, with_for_update=True, populate_existing=True)


def tree_size(session: Session, organization_id: UUID) -> int:
    """How many leaves the tree has."""
    return session.scalar(select(AuditTree.size).where(AuditTree.organization_id == organization_id)) or 0


def organizations_behind(session: Session) -> list[UUID]:
    """The organizations that have entries which are no leaves yet."""
    own = func.sum(AuditHead.sequence - AuditHead.begins_after)
    entries = select(AuditHead.organization_id, own.label("count"))
    counted = entries.group_by(AuditHead.organization_id).subquery()
    statement = (
        select(counted.c.organization_id)
        .outerjoin(AuditTree, AuditTree.organization_id == counted.c.organization_id)
        .where(counted.c.count > func.coalesce(AuditTree.size, 0))
    )
    return list(session.scalars(statement))


def entries_behind(session: Session, organization_id: UUID, limit: int) -> list[Entry]:
    """Some of the entries that are no leaves yet, each chain's in its order."""
    found: list[Entry] = []
    for chain, through in session.execute(_chains_behind(organization_id)).all():
        row = AuditEntryRow
        statement = (
            select(row.chain, row.sequence, row.digest)
            .where(row.organization_id == organization_id, row.chain == chain, row.sequence > through)
            .order_by(row.sequence)
            .limit(limit - len(found))
        )
        found += [(chain, sequence, digest) for chain, sequence, digest in session.execute(statement)]
        if len(found) == limit:
            break
    return found


def _chains_behind(organization_id: UUID) -> Select[UUID, int]:
    """The chains with entries that are no leaves yet, and up to which sequence theirs are."""
    leaf, head = AuditLeaf, AuditHead
    through = (
        select(func.coalesce(func.max(leaf.sequence), head.begins_after))
        .where(leaf.organization_id == organization_id, leaf.chain == head.chain)
        .scalar_subquery()
    )
    ours = head.organization_id == organization_id
    return select(head.chain, through).where(ours, head.sequence > through).order_by(head.chain)


def add_leaves(session: Session, organization_id: UUID, first: int, entries: Sequence[Entry]) -> None:
    """The entries are leaves, from the index `first` on."""
    rows = [
        {
            "organization_id": organization_id,
            "leaf_index": index,
            "chain": chain,
            "sequence": sequence,
            "digest": digest,
        }
        for index, (chain, sequence, digest) in enumerate(entries, start=first)
    ]
    session.execute(insert(AuditLeaf), rows)


def add_nodes(session: Session, organization_id: UUID, nodes: Sequence[tuple[Place, bytes]]) -> None:
    """The perfect subtrees above the leaves are kept."""
    rows = [
        {"organization_id": organization_id, "level": level, "position": position, "digest": digest.hex()}
        for (level, position), digest in nodes
        if level
    ]
    if rows:
        session.execute(insert(AuditNode), rows)


def nodes(session: Session, organization_id: UUID, places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of those of the perfect subtrees that are kept."""
    wanted = list(places)
    indexes = [position for level, position in wanted if level == 0]
    above = [(organization_id, level, position) for level, position in wanted if level]
    found: dict[Place, bytes] = {}
    if indexes:
        ours = and_(AuditLeaf.organization_id == organization_id, AuditLeaf.leaf_index.in_(indexes))
        leaves = session.execute(select(AuditLeaf.leaf_index, AuditLeaf.digest).where(ours))
        found |= {(0, index): hash_of(digest) for index, digest in leaves}
    if above:
        row = AuditNode
        key = tuple_(row.organization_id, row.level, row.position)  # whole: OR would have SQLite read every node
        kept = select(row.level, row.position, row.digest).where(key.in_(above))
        found |= {(level, position): bytes.fromhex(digest) for level, position, digest in session.execute(kept)}
    return found


def hash_of(digest: str) -> bytes:
    """The hash of the leaf that an entry is. The leaf holds the entry's digest, so that it outlives the entry."""
    return leaf_hash(bytes.fromhex(digest))


def leaf_of(session: Session, organization_id: UUID, chain: UUID, sequence: int) -> AuditLeaf | None:
    """The leaf that the entry is, if it is one yet."""
    leaf = AuditLeaf
    ours = and_(leaf.organization_id == organization_id, leaf.chain == chain, leaf.sequence == sequence)
    return session.scalar(select(leaf).where(ours))


def head(session: Session, organization_id: UUID, size: int) -> SignedTreeHead | None:
    """The head that was signed when the tree had this size."""
    return session.get(SignedTreeHead, (organization_id, size))


def heads(session: Session, organization_id: UUID) -> list[SignedTreeHead]:
    """Every head that was signed, the smallest first."""
    row = SignedTreeHead
    return list(session.scalars(select(row).where(row.organization_id == organization_id).order_by(row.size)))


def nodes_within(session: Session, organization_id: UUID, first: int, end: int) -> dict[Place, bytes]:
    """The perfect subtrees above the leaves that are full with one of the leaves from `first` to before `end`."""
    row, found = AuditNode, dict[Place, bytes]()
    for level in range(1, end.bit_length()):
        span = (row.position >= first >> level, row.position < end >> level)
        if first >> level < end >> level:
            ours = (row.organization_id == organization_id, row.level == level, *span)
            kept = session.execute(select(row.position, row.digest).where(*ours))
            found |= {(level, position): bytes.fromhex(digest) for position, digest in kept}
    return found


@dataclass(frozen=True, slots=True)
class LeafAndEntry:
    """A leaf, with its entry's row where that was not given up."""

    leaf: AuditLeaf
    entry: AuditEntryRow | None


def leaves_with_entries(session: Session, organization_id: UUID, first: int, end: int) -> list[LeafAndEntry]:
    """The leaves from `first` up to, but without, `end`, in order."""
    leaf, entry = AuditLeaf, AuditEntryRow
    same = (
        entry.organization_id == leaf.organization_id,
        entry.chain == leaf.chain,
        entry.sequence == leaf.sequence,
    )
    statement = (
        select(leaf, entry)
        .outerjoin(entry, and_(*same))
        .where(leaf.organization_id == organization_id, leaf.leaf_index >= first, leaf.leaf_index < end)
        .order_by(leaf.leaf_index)
    )
    return [LeafAndEntry(*found) for found in session.execute(statement).all()]
