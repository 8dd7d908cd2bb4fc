"""Sessions: from a sign-in to its end, kept alive by refresh tokens."""
