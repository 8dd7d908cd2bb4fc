"""Billing: what an organization subscribes to, pays and used; all of it through Stripe, behind one door."""
