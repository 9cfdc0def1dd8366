"""Tests of text messages by Kannel."""
