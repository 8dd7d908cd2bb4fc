"""What happened, told to whom it concerns: the audit log at once, effects (usage) from an outbox afterwards."""
