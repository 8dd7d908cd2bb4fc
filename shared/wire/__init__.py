"""What travels between a desktop and the server. `PROTOCOL.md` says what must hold; `v1` holds the messages."""
