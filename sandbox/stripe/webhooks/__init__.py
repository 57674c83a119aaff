"""Signed webhooks: as Stripe sends them, and as a bad day brings them."""
