"""Everything that arrived, live."""
