"""The audit log: every fact as one human sentence."""
