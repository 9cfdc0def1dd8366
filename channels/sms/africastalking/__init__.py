"""Text messages by Africa's Talking."""
