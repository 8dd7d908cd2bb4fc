"""The audit chain: entries that name their predecessor, signed by the device that wrote them."""

from shared.audit.chain import GENESIS, AuditChain
from shared.audit.entry import AuditEntry, SignedEntry, entry_from_json, entry_to_json
from shared.audit.verify import ChainFault, entry_fault, verify_chain

__all__ = [
    "GENESIS",
    "AuditChain",
    "AuditEntry",
    "ChainFault",
    "SignedEntry",
    "entry_fault",
    "entry_from_json",
    "entry_to_json",
    "verify_chain",
]
