"""The passphrase of the encrypted store."""
