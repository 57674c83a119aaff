"""Neighbours for the adapters: real ones, on loopback."""
