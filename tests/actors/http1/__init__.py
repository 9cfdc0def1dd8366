"""HTTP/1.1 as both sides need it."""
