"""What operators are told of a Redis: never more than it promises."""

import pytest

from runtime.redis_durability import Promise, promise, version_of

FORBIDDEN = RuntimeError("NOPERM")


def pair(name: str, value: str) -> list[bytes]:
    return [name.encode(), value.encode()]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (Promise((7, 0, 15), aof=True, sync="always", policy="noeviction"), "loss of power, not the loss of its disk."),
        (Promise((7, 0, 15), aof=True, sync="everysec", policy="noeviction"), "takes up to two seconds of it."),
        (Promise((7, 0, 15), aof=True, sync="no", policy="noeviction"), "takes whatever was not yet on disk."),
        (Promise((7, 2), aof=True, sync="everysec"), "every answer waits until it is on disk: what was answered surv"),
        (Promise((7, 0), aof=True), "how often it is synced is unknown: what survives a loss of power is unknown."),
        (Promise((8, 0), aof=False, sync="always"), "what was answered since its last dump is lost whenever it ends."),
        (Promise((7, 0)), "it does not tell how it writes to disk: what survives is unknown."),
        (Promise((7, 0), aof=True, sync="always", policy="allkeys-lru"), "; and with maxmemory-policy=allkeys-lru it"),
    ],
)
def test_the_sentence_says_what_is_lost_and_when(told: Promise, sentence: str) -> None:
    assert sentence in told.sentence
    assert told.sentence.startswith(f"Redis {'.'.join(map(str, told.version))}, ")
    assert told.sentence.endswith(".")


def test_settings_are_believed_before_information() -> None:
    answers: list[object] = [
        pair("appendonly", "yes"),
        pair("appendfsync", "always"),
        pair("maxmemory-policy", "noeviction"),
        b"# Persistence\r\naof_enabled:0\r\n",
        b"# Memory\r\nmaxmemory_policy:allkeys-lfu\r\n",
    ]
    assert promise((7, 0), answers) == Promise((7, 0), aof=True, sync="always", policy="noeviction")


def test_where_settings_are_forbidden_information_tells_half_of_it() -> None:
    information = [b"# Persistence\r\naof_enabled:1\r\n", b"# Memory\r\nmaxmemory_policy:volatile-lru\r\n"]
    told = promise((7, 0), [FORBIDDEN, FORBIDDEN, [], *information])
    assert told == Promise((7, 0), aof=True, policy="volatile-lru")


def test_where_everything_is_forbidden_nothing_is_known() -> None:
    assert promise((7, 0), [FORBIDDEN] * 5) == Promise((7, 0))


@pytest.mark.parametrize(("text", "numbers"), [(b"7.0.15", (7, 0, 15)), (b"8.2-rc1", (8,)), (b"", ())])
def test_versions_are_numbers(text: bytes, numbers: tuple[int, ...]) -> None:
    assert version_of(text) == numbers
