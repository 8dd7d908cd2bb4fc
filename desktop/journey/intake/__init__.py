"""Intake: a file becomes a document of the encrypted store, once."""
