"""WhatsApp's tests."""
