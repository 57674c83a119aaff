"""What all HTTP doors share: who knocks, how a body is read, and in which language they answer."""
