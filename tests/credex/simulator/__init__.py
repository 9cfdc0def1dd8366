"""Tests of the simulated credex-core: what it promises, section by section of its contract."""
