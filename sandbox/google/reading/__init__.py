"""Answers about a spreadsheet: which part is meant and how it reads as JSON."""
