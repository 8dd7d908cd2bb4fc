"""What the desktop and the server both stand on. Imports nothing of theirs."""
