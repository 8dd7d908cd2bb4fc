"""API keys: how programs come in."""
