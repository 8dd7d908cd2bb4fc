"""What devices pull: changes behind their cursor, and what the organization is entitled to (PROTOCOL.md, 5)."""
