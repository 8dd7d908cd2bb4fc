"""Tables of devices and enrolment codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class Device(Base):
    """A desktop of an organization; `public_key` is its Ed25519 key, hexadecimal.

    `accepted_through` is the last sequence of its outbox that the server holds, `last_sequence` the last that it has,
    as it said when it last asked for a token. `revocation_heard_at` is when it was first told that it is revoked.
    `ancestors` are the identities that it had before, id and key, the first one first.
    """

    __tablename__ = "devices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str]
    public_key: Mapped[str]
    platform: Mapped[str]
    app_version: Mapped[str]
    enrolled_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    destroy_keys: Mapped[bool] = mapped_column(server_default=false())
    revocation_heard_at: Mapped[datetime | None]
    accepted_through: Mapped[int]
    last_sequence: Mapped[int | None]
    ancestors: Mapped[list[tuple[str, str]] | None] = mapped_column(JSON)


class EnrolmentCodeRow(Base):
    """A code that enrols one device once; `digest` is its keyed hash."""

    __tablename__ = "enrolment_codes"

    digest: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    created_by: Mapped[str]
    expires_at: Mapped[datetime]
    device_id: Mapped[UUID | None]
