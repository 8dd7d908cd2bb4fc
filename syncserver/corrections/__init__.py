"""What people said of what was read: kept as it came, sealed, under the document's content. PROTOCOL.md, section 7."""
