"""spreadsheets.batchUpdate: what each kind of request does to a copy of the file."""
