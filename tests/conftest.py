"""For every test: logs as in production, but only of what is grave."""

import pytest

from actors import logs


@pytest.fixture(autouse=True, scope="session")
def _quiet_logs() -> None:
    logs.configure("CRITICAL")
