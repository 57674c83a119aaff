"""Wildberries, read as a seller with her token."""
