"""Payments for those who run the servers: who pays, what Stripe sent, where it and we differ."""
