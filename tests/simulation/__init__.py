"""Seeded worlds: the whole application among failing neighbours, and checks over all that happened in them."""
