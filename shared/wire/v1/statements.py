"""What a server says to one device, signed and fresh for its question: nobody between makes or repeats it."""

from datetime import datetime
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import StringConstraints

from shared.crypto.signing import is_signed, sign, verifying_key
from shared.wire.v1.message import Message
from shared.wire.v1.values import Nonce, PublicKey, Signature


class Statement(Message):
    """A JSON text under the server's signature: over `context` and the text as it is."""

    context: ClassVar[bytes]
    """Stands before the text in what is signed, so that the signature serves nothing else."""

    text: Annotated[str, StringConstraints(max_length=4096)]
    server_key: PublicKey
    signature: Signature

    def is_genuine(self, server_key: str) -> bool:
        """Whether the holder of `server_key` (hexadecimal) signed the text."""
        signed = self.context + self.text.encode()
        return self.server_key == server_key and is_signed(
            bytes.fromhex(server_key), signed, bytes.fromhex(self.signature)
        )

    @classmethod
    def signed(cls, signing_key: bytes, content: Message) -> Self:
        """`content`, signed with the server's private key."""
        text = content.model_dump_json()
        signature = sign(signing_key, cls.context + text.encode()).hex()
        return cls(text=text, server_key=verifying_key(signing_key).hex(), signature=signature)


class Addressed(Message):
    """To which device of which organization the server speaks, in answer to the request that held `nonce`."""

    organization_id: UUID
    device_id: UUID
    nonce: Nonce


class RevocationNotice(Addressed):
    """The device was revoked, and whether it is to destroy its keys (PROTOCOL.md, section 3)."""

    revoked_at: datetime
    destroy_keys: bool


class Revocation(Statement):
    """A RevocationNotice, signed."""

    context = b"chartdrop revocation v1\n"

    def read(self) -> RevocationNotice:
        """The notice. Raises pydantic.ValidationError for a text that holds none."""
        return RevocationNotice.model_validate_json(self.text)


class AdmissionNotice(Addressed):
    """The device belongs to the organization, from now on or again (PROTOCOL.md, section 2)."""


class Admission(Statement):
    """An AdmissionNotice, signed."""

    context = b"chartdrop admission v1\n"

    def read(self) -> AdmissionNotice:
        """The notice. Raises pydantic.ValidationError for a text that holds none."""
        return AdmissionNotice.model_validate_json(self.text)
