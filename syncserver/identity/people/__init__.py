"""People: registration, sign-in, sessions."""
