"""Errors on the wire: RFC 9457 problem details."""

from shared.wire.v1.message import Message
from shared.wire.v1.statements import Revocation


class Problem(Message):
    """`application/problem+json`. `code` is ours and stable; `detail` is a sentence for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str = ""
    retryable: bool = False
    accepted_through: int | None = None
    """With code `sequence_gap`, the last sequence the server holds of this device; with `sequence_reused`, the last
    before the first row of the push that is another here and there."""
    revocation: Revocation | None = None
    """With code `device_revoked`, in answer to a request with a nonce."""
