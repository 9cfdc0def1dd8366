"""What the README promises, each seen on the whole server."""
