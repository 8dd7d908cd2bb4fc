"""HL7 v2.5.1: a document as MDM^T02, its laboratory results as ORU^R01 besides; as messages, or as a batch file."""

from shared.export.hl7.messages import Batch, Message, hl7_messages

__all__ = ["Batch", "Message", "hl7_messages"]
