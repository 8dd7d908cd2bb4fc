"""The audit log: append-only chains, one of each organization's acts here and one of each of its devices."""
