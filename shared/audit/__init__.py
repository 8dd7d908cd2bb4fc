"""The audit chain: entries that name their predecessor, signed by the device that wrote them."""

from shared.audit.chain import GENESIS, AuditChain
from shared.audit.entry import AuditEntry, SignedEntry, entry_from_json, entry_to_json
from shared.audit.receipt import Receipt, countersign
from shared.audit.verify import ChainFault, Head, entry_fault, verify_chain

__all__ = [
    "GENESIS",
    "AuditChain",
    "AuditEntry",
    "ChainFault",
    "Head",
    "Receipt",
    "SignedEntry",
    "countersign",
    "entry_fault",
    "entry_from_json",
    "entry_to_json",
    "verify_chain",
]
