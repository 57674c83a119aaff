"""What all HTTP doors share: who knocks, and how a body is read."""
