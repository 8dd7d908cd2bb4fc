"""What was read, as jobs: what a list needs in the clear, everything about a patient sealed."""
