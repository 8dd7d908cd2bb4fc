"""The watched folder: files are noticed, taken once they are whole, and put in exactly one place in the end."""
