"""Tests of text messages by Africa's Talking."""
