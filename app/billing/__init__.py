"""Billing: what a company may use."""
