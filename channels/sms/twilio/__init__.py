"""Twilio: its signature, its webhooks, what its codes mean, and its API."""
