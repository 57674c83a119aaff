"""Accounts: who signs in, and as whom."""
