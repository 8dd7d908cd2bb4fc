"""What an organization lays down for its devices, and what the server may see."""
