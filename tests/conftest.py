"""For every test: logs as in production, but only of what is grave, and properties tried on the same examples."""

import pytest
from hypothesis import settings

from actors import logs

# The same examples every time: what fails here fails everywhere. New ones come with new code, or with
# `pytest --hypothesis-profile=explore`.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True, scope="session")
def _quiet_logs() -> None:
    logs.configure("CRITICAL")
