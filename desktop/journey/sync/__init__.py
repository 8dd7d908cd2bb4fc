"""Sync: what stands in the outbox reaches the server, in order, each operation once; what changed there comes back."""
