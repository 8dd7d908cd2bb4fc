"""Who did what at this device, and whether the chain that says so holds."""
