"""What the operator of the server sees of it: numbers over all organizations."""
