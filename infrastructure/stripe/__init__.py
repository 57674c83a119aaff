"""Stripe as a neighbour: what is paid, what is asked of it, and what its messages mean."""
