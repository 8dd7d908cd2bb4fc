"""The feed of each organization: what changed, in the order of the commits. PROTOCOL.md, section 5."""
