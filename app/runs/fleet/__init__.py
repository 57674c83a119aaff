"""What the fleet is at: workers, lanes, budgets and failures, for those who run the servers."""
