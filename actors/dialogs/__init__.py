"""Conversations, one module a dialog, one class a state; pure."""
