"""The simulated phones."""
