"""The channels' tests."""
