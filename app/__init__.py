"""Use cases, by feature, with fixed file names; the doors to the outside; the wiring."""
