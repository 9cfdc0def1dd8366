"""The collector's policy, on the very collector these tests run under: put back afterwards."""

import gc
from collections.abc import Iterator

import pytest

from actors.collector import Collector


@pytest.fixture
def collector() -> Iterator[Collector]:
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    collector = Collector()
    yield collector
    gc.callbacks[:] = callbacks
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_what_the_start_built_is_frozen_and_full_collections_become_rare(collector: Collector) -> None:
    gc.unfreeze()
    collector.start()
    assert gc.get_freeze_count() > 1000
    assert gc.get_threshold() == (50_000, 20, 100)


def test_pauses_are_counted_and_the_longest_is_known(collector: Collector) -> None:
    collector.start()
    assert (collector.collections, collector.longest_pause) == (0, 0.0)
    for _ in range(3):
        gc.collect()
    assert collector.collections == 3
    assert collector.longest_pause > 0


def test_a_stopped_collector_counts_no_more_and_leaves_the_policy(collector: Collector) -> None:
    collector.start()
    collector.stop()
    gc.collect()
    assert collector.collections == 0
    assert gc.get_threshold() == (50_000, 20, 100)
