"""Stock: shops and their sheets, the sync, and what it found."""
