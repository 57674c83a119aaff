"""The business: what may happen, what it means, and the arithmetic. Standard library only."""
