"""Secrets: keys wrapped under the operator's master key, and what is sealed with them."""
