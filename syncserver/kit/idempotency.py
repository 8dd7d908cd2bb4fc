"""Idempotency keys: a repeated POST that creates something gets the first one's answer and creates nothing.

The answer is kept with what was created, in the same transaction; sealed, because it may hold a key shown once.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.crypto.aead import seal, unseal
from syncserver.kit.columns import Base
from syncserver.kit.errors import ServerError

Answer = TypeVar("Answer", bound=BaseModel)
KEPT_FOR = timedelta(hours=24)
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=255, description="Repeat a request with the same key, and it happens once."),
]


class KeptAnswer(Base):
    """The answer to the first request under a key."""

    __tablename__ = "kept_answers"

    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)


class IdempotencyKeyReused(ServerError):
    """The key came before, with another request."""

    code = "idempotency_key_reused"
    status = 422


class IdempotencyKeyBusy(ServerError):
    """A request with this key is being answered right now."""

    code = "idempotency_key_busy"
    status = 409
    retryable = True


@dataclass(frozen=True, slots=True)
class Once:
    """Answers a request under `key` once within `scope` (who asks for what); without a key, each time anew."""

    session: Session
    now: datetime
    sealing_key: bytes
    scope: str
    key: str | None

    def answer(self, request: BaseModel, kind: type[Answer], act: Callable[[], Answer]) -> Answer:
        """What `act` returned, now or when this request first came. Raises IdempotencyKeyReused, -Busy."""
        if self.key is None:
            return act()
        self.session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < self.now - KEPT_FOR))
        # Keyed: the request may hold a password, and a bare hash of one could be guessed at.
        fingerprint = hmac.new(self.sealing_key, request.model_dump_json().encode(), hashlib.sha256).hexdigest()
        if kept := self.session.get(KeptAnswer, (self.scope, self.key)):
            if kept.fingerprint != fingerprint:
                raise IdempotencyKeyReused("This Idempotency-Key came before, with another request. Use a new one.")
            return kind.model_validate_json(unseal(self.sealing_key, kept.sealed, self._context()))
        answer = act()
        self._keep(fingerprint, answer)
        return answer

    def _keep(self, fingerprint: str, answer: BaseModel) -> None:
        sealed = seal(self.sealing_key, answer.model_dump_json().encode(), self._context())
        kept = KeptAnswer(scope=self.scope, key=self.key, fingerprint=fingerprint, sealed=sealed, created_at=self.now)
        self.session.add(kept)
        try:
            self.session.flush()
        except IntegrityError as error:
            raise IdempotencyKeyBusy("A request with this Idempotency-Key is under way. Try again shortly.") from error

    def _context(self) -> bytes:
        return f"answer:{self.scope}:{self.key}".encode()


def forget_all(session: Session) -> None:
    """No answer is kept: they were sealed under a key that is given up."""
    session.execute(delete(KeptAnswer))
