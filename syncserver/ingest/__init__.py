"""What desktops push: each row of a device's outbox, once and in order. PROTOCOL.md, section 4."""
