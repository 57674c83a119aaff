"""Runs: asked for by facts and schedules, handed to workers, never lost."""
