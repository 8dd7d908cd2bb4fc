"""Everything that was read, found as one types."""
