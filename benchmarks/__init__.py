"""Measurements: what a sync costs, and how long a start takes, each beside something to compare."""
