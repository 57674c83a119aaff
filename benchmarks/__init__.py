"""Measurements: syncs, starts, the event store and its logs, each beside something to compare."""
