"""Conversations as transcripts: plain text files played against the whole server."""
