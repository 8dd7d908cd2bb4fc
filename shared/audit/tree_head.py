"""The server's word for a whole log: a tree head, signed. Who holds one can prove whatever is changed later."""

from dataclasses import dataclass

from shared.audit.statement import is_stated, state

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
        members = _members(self.tree, self.size, self.root, self.at)
        return is_stated(self.server_key, self.signature, TREE_HEAD_CONTEXT, members)


def sign_tree_head(signing_key: bytes, tree: str, size: int, root: bytes, at: str) -> TreeHead:
    """The head of `tree` with `size` leaves under `root`, signed with the server's private key."""
    signed = state(signing_key, TREE_HEAD_CONTEXT, _members(tree, size, root.hex(), at))
    return TreeHead(tree, size, root.hex(), at, *signed)


def _members(tree: str, size: int, root: str, at: str) -> dict[str, str | int]:
    return {"at": at, "root": root, "size": size, "tree": tree}
