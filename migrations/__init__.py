"""The schema, step by step; `stock-tracker migrate` runs it."""
