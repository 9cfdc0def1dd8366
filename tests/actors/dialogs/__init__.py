"""Tests of the conversations: transcripts, and properties from any state."""
