"""For every test: logs as in production, but only of what is grave, and properties tried on the same examples."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from actors import logs
from tests.support.redis_server import RedisProcess

# The same examples every time: what fails here fails everywhere. New ones come with new code, or with
# `pytest --hypothesis-profile=explore`.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True, scope="session")
def _quiet_logs() -> None:
    logs.configure("CRITICAL")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisProcess]:
    """A Redis for all tests that only fill and empty it. Skips them where there is no ``redis-server``."""
    server = RedisProcess(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.end()
