"""Values that several messages hold, all in hexadecimal."""

from typing import Annotated

from pydantic import StringConstraints

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""Of a document's content."""
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""An Ed25519 public key."""
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
"""An Ed25519 signature."""
NONCE_BYTES = 32
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""32 random bytes of one request: an answer that holds them was made for it."""
