"""Messaging channels: what people say, what we answer, and the wire of each provider."""
