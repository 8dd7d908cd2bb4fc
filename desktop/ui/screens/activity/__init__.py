"""What goes on between this device and its server, what waits and why, and where people contradict each other."""
