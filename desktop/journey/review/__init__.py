"""Review: what people say of what was read. Their word, its audit entry and its outbox row are one transaction."""
