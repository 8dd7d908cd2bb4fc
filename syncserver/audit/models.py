"""Tables of the audit log. Triggers on both databases refuse to change or delete what stands in it; entries whose time
is over go by `retention.py` alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.events.transaction import Detail
from syncserver.kit.columns import Base


class AuditEntryRow(Base):
    """One entry. `chain` is the organization's id or a device's; `at` is its writer's clock, `recorded_at` ours.

    `writer` is the identity that its device had when it wrote it, where that is not the chain's."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_page", "organization_id", "recorded_at", "chain", "sequence"),
        Index("ix_audit_entries_actor", "organization_id", "actor", "recorded_at", "chain", "sequence"),
        Index("ix_audit_entries_action", "organization_id", "action", "recorded_at", "chain", "sequence"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Detail]] = mapped_column(JSON)
    previous: Mapped[str]
    digest: Mapped[str]
    signature: Mapped[str]
    recorded_at: Mapped[datetime]
    writer: Mapped[UUID | None]


class AuditHead(Base):
    """How long a chain is, and its last digest: a chain whose tail is missing is found out by it.

    `begins_after` is how many entries it shares with the chain of the identity that its device had before: they stand
    there alone."""

    __tablename__ = "audit_heads"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    digest: Mapped[str]
    begins_after: Mapped[int] = mapped_column(default=0, server_default="0")


class AuditTree(Base):
    """The counter of an organization's tree: whoever adds leaves holds this row, so each index is given once."""

    __tablename__ = "audit_trees"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    size: Mapped[int]


class AuditLeaf(Base):
    """Which entry a leaf of the tree is (index from 0), and its digest, which stays when the entry is given up."""

    __tablename__ = "audit_leaves"
    __table_args__ = (UniqueConstraint("organization_id", "chain", "sequence", name="uq_audit_leaves_entry"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    leaf_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[UUID]
    sequence: Mapped[int]
    digest: Mapped[str]


class AuditNode(Base):
    """The hash of a perfect subtree (`shared.audit.tree.Place`) above the leaves."""

    __tablename__ = "audit_nodes"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]


class SignedTreeHead(Base):
    """A head that this server signed; `at` is the text that was signed."""

    __tablename__ = "audit_tree_heads"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str]
    at: Mapped[str]
    signature: Mapped[str]


class AuditRemoval(Base):
    """A chain's entries up to `through` are given up: without this row, the triggers let none go."""

    __tablename__ = "audit_removals"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    through: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    removed_at: Mapped[datetime]
