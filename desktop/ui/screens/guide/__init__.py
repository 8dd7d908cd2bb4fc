"""The first steps: a folder, a server or none, who works here, a sample read at once."""
