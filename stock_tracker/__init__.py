"""The name under which the old single-user tool is called; everything it does lives in `app`."""
