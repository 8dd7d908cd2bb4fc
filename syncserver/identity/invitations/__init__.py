"""Invitations: how people join an organization that is there already."""
