"""Tests of our own transport, beyond the contract it shares with others."""
