"""Planted faults of a store, and how a fault is planted: something stands in the place of the real code for a while."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from runtime.memory_store import MemoryStore
from runtime.store import Verdict

Plant = Callable[[], AbstractContextManager[Any]]


def replaced(owner: Any, name: str, make: Callable[[Any], Any]) -> Plant:
    """A plant that puts ``make(original)`` in the place of ``owner.name``."""

    @contextmanager
    def planted() -> Iterator[None]:
        with patch.object(owner, name, make(getattr(owner, name))):
            yield

    return planted


def _accepts_ids_again(accept: Any) -> Any:
    def planted(self: Any, operation: Any) -> Any:
        for envelope in operation.envelopes:
            self._seen.pop(envelope.id, None)
        return accept(self, operation)

    return planted


def _keeps_the_old_snapshot(commit: Any) -> Any:
    def planted(self: Any, operation: Any) -> Any:
        old = self._snapshots.get(operation.address)
        if old is not None and operation.version % 3 == 0:
            operation = replace(operation, snapshot=old.body)
        return commit(self, operation)

    return planted


def _owes_one_less(write_rest: Any) -> Any:
    def planted(self: Any, commit: Any) -> None:
        write_rest(self, replace(commit, owes=commit.owes[:-1]))

    return planted


def _loses_looks_at_a_load(load: Any) -> Any:
    def planted(self: Any, operation: Any) -> Any:
        loaded = load(self, operation)
        return replace(loaded, owed=tuple(effect for effect in loaded.owed if effect.lane != "look"))

    return planted


def _fails_to_raise_epochs(_claim: Any) -> Any:
    def planted(self: Any, operation: Any) -> int:
        self._epochs[operation.partition] = 1
        return 1

    return planted


def _applies_twice(commit: Any) -> Any:
    def planted(self: Any, operation: Any) -> Any:
        verdict = commit(self, operation)
        return commit(self, replace(operation, applied=None)) if verdict is Verdict.APPLIED else verdict

    return planted


def _applies_out_of_turn(commit: Any) -> Any:
    def planted(self: Any, operation: Any) -> Any:
        waiting = self._intake.get(operation.address, {})
        if operation.applied in waiting:
            first = {operation.applied: waiting[operation.applied]}
            self._intake[operation.address] = first | waiting
        return commit(self, operation)

    return planted


def _keeps_effects_owed(_settle: Any) -> Any:
    def planted(self: Any, operation: Any) -> Verdict:
        return Verdict.FENCED if self._fences(operation.partition, operation.epoch) else Verdict.DONE

    return planted


def _rings_for_ever(set_timers: Any) -> Any:
    def planted(self: Any, commit: Any) -> None:
        set_timers(self, replace(commit, due=None))

    return planted


def _always(_original: Any) -> Any:
    return lambda *_, **__: True


def _sets_one_less(set_timers: Any) -> Any:
    def planted(self: Any, commit: Any) -> None:
        set_timers(self, replace(commit, timers=commit.timers[:-1]))

    return planted


def nothing(_original: Any) -> Any:
    """In place of what has an effect."""
    return lambda *_, **__: None


def _never(_original: Any) -> Any:
    return lambda *_, **__: False


IN_STORE: dict[str, Plant] = {
    "the fence is removed": replaced(MemoryStore, "_fences", _never),
    "a claim raises no epoch": replaced(MemoryStore, "_claim", _fails_to_raise_epochs),
    "an id is accepted again": replaced(MemoryStore, "_accept", _accepts_ids_again),
    "an envelope is applied twice": replaced(MemoryStore, "_commit", _applies_twice),
    "an envelope overtakes another": replaced(MemoryStore, "_commit", _applies_out_of_turn),
    "a snapshot is not written": replaced(MemoryStore, "_commit", _keeps_the_old_snapshot),
    "an effect is not owed": replaced(MemoryStore, "_write_rest", _owes_one_less),
    "a settled effect stays owed": replaced(MemoryStore, "_settle", _keeps_effects_owed),
    "the audit trail is not written": replaced(MemoryStore, "_note", nothing),
    "a timer is not cleared when it rings": replaced(MemoryStore, "_set_timers", _rings_for_ever),
    "a timer that was moved rings all the same": replaced(MemoryStore, "_is_set", _always),
    "a timer is not set": replaced(MemoryStore, "_set_timers", _sets_one_less),
    "looks are lost at a load": replaced(MemoryStore, "_load", _loses_looks_at_a_load),
}
