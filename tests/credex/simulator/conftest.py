"""A small world, a still clock and the core over them."""

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.world import World
from tests.credex.simulator.visiting import DEV_KEY, Time, Visitor, core_over, small_world


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def core(world: World, time: Time) -> CoreSimulator:
    return core_over(world, time, dev_key=DEV_KEY)


@pytest.fixture
def visitor(core: CoreSimulator) -> Visitor:
    return Visitor(core)
