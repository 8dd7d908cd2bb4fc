"""Organizations: who is a customer, and the key that seals what is theirs."""
