"""Who may come in: people with their sessions, API keys, and devices."""
