"""HTTP: webhooks, health and status, and the simulator page."""
