"""The encrypted store: what was taken in and read, the audit chain, the outbox. Nothing rests in the clear."""
