"""One document: its page beside its record."""
