"""The people of an organization, as its owners and admins see them, and of all, as the operator does."""
