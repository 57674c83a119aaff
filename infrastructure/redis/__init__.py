"""What several processes share for a moment and may lose: budgets and rate limits."""
