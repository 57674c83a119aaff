"""Stripe: what it signs, and what its messages say."""
