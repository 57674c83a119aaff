"""Stand-ins for the outside world, so that everything can be tried without an account."""
