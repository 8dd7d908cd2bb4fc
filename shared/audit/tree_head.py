"""The server's word for a whole log: a tree head, signed. Who holds one can prove whatever is changed later."""

from dataclasses import dataclass

import rfc8785

from shared.crypto.signing import is_signed, sign, verifying_key

TREE_HEAD_CONTEXT = b"chartdrop audit tree head v1\n"
"""Stands before what is signed, so that a tree head is never an entry or a receipt, nor one of these a tree head."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The log `tree` (an organization's id) had `size` entries under `root`, by the server's clock at `at`.

    `root` (RFC 9162), `server_key` (Ed25519) and `signature` are hexadecimal, `at` is RFC 3339 in UTC."""

    tree: str
    size: int
    root: str
    at: str
    server_key: str
    signature: str

    def is_genuine(self) -> bool:
        """Whether the holder of `server_key` signed it; whose key that is, the caller knows."""
        try:
            key, signature = bytes.fromhex(self.server_key), bytes.fromhex(self.signature)
            return is_signed(key, _signed_bytes(self.tree, self.size, self.root, self.at), signature)
        except ValueError:  # no hexadecimal, or no text and number that JSON can hold
            return False


def sign_tree_head(signing_key: bytes, tree: str, size: int, root: bytes, at: str) -> TreeHead:
    """The head of `tree` with `size` leaves under `root`, signed with the server's private key."""
    signature = sign(signing_key, _signed_bytes(tree, size, root.hex(), at))
    return TreeHead(tree, size, root.hex(), at, verifying_key(signing_key).hex(), signature.hex())


def _signed_bytes(tree: str, size: int, root: str, at: str) -> bytes:
    return TREE_HEAD_CONTEXT + rfc8785.dumps({"at": at, "root": root, "size": size, "tree": tree})
