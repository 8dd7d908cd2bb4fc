"""Recognition: waiting documents are read, each in a process that may break without breaking anything else."""
