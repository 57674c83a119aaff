"""Request bodies of the Sheets API as types: an unknown name or a wrong type is refused."""
