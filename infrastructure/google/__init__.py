"""Google Sheets: one read, one write, her row order."""
