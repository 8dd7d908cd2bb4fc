"""What is set at this device: folders, server, people, keeping, appearance."""
