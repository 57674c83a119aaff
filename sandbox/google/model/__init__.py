"""The spreadsheet as data: cells, formats, ranges and tags, without HTTP."""
