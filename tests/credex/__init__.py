"""Tests of ``credex``."""
