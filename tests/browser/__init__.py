"""The simulator page in a real browser, on this machine alone."""
