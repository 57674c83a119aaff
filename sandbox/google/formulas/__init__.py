"""The formulas that sellers and their robots write, parsed, kept in step and evaluated."""
