"""The first page: how many sheets are fresh by their hour, and who is late and why."""
