"""The audit chain: entries that name their predecessor, signed by who wrote them; and a tree over a whole log."""

from shared.audit.chain import GENESIS, AuditChain
from shared.audit.entry import AuditEntry, SignedEntry, entry_from_json, entry_to_json
from shared.audit.receipt import Receipt, countersign
from shared.audit.tree_head import TreeHead, sign_tree_head
from shared.audit.verify import ChainFault, Head, Writer, entry_fault, verify_chain

__all__ = [
    "GENESIS",
    "AuditChain",
    "AuditEntry",
    "ChainFault",
    "Head",
    "Receipt",
    "SignedEntry",
    "TreeHead",
    "Writer",
    "countersign",
    "entry_fault",
    "entry_from_json",
    "entry_to_json",
    "sign_tree_head",
    "verify_chain",
]
