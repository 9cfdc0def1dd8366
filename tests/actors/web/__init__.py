"""HTTP, without a network."""
