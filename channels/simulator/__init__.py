"""The channel that stays in this process: behind the browser and terminal simulators, and in tests."""
