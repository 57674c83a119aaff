"""The table as a file: what a shop's sheet says, or said, without Google."""
