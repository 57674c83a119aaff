"""The API over HTTP, and the hand behind it."""
