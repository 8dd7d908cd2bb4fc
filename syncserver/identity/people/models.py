"""Tables of people and their sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class User(Base):
    """A person who can sign in; `email` is in lower case and known once on the whole server."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    is_superuser: Mapped[bool]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]


class UserSession(Base):
    """From one sign-in to its end; `address` is where the person signed in from."""

    __tablename__ = "user_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RefreshToken(Base):
    """One link of a session's chain of refresh tokens; `digest` is the token's SHA-256."""

    __tablename__ = "refresh_tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("user_sessions.id"), index=True)
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
