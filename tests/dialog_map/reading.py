"""Which state leads to which, read from the code of the dialogs.

A state's ``on`` and ``settled`` are read as syntax: every state class that is built in a branch, or in a function or
method the branch calls, is where that branch may lead. So the map can name a way that no run ever takes, but it leaves
none out.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType
from typing import Any, NamedTuple, get_args, get_type_hints

from actors.dialogs.doors import DOORS
from actors.dialogs.states import AnyState

STATES: tuple[type, ...] = get_args(AnyState)
HOME = "actors.dialogs"


class Way(NamedTuple):
    """One transition. ``on`` says what brings it about."""

    source: type
    on: str
    target: type


class _Place(NamedTuple):
    """Code being read: its tree, the names it knows, and the state whose ``self`` it speaks of."""

    tree: ast.AST
    names: dict[str, Any]
    state: type | None
    trail: tuple[object, ...]


def ways() -> list[Way]:
    """Every transition between two states, each once, in the order of states and of their code."""
    found = [Way(state, on, target) for state in STATES for on, target in _ways_of(state)]
    return list(dict.fromkeys(way for way in found if way.source is not way.target))


def _ways_of(state: type) -> Iterator[tuple[str, type]]:
    for name in ("on", "settled"):
        method = getattr(state, name, None)
        if isinstance(method, FunctionType):
            yield from _function(method, state, "found out" if name == "settled" else "", ())


def _function(
    function: FunctionType, state: type | None, on: str, trail: tuple[object, ...]
) -> Iterator[tuple[str, type]]:
    if function in trail:
        return
    yield from _read(_Place(_tree(function), function.__globals__, state, (*trail, function)), on)


def _read(place: _Place, on: str) -> Iterator[tuple[str, type]]:
    if isinstance(place.tree, ast.match_case):
        on = _label(place.tree.pattern, on)
    target = _target(place)
    if isinstance(target, FunctionType):
        yield from _function(target, _self_of(place), on, place.trail)
    elif isinstance(target, type):
        yield on, target
    elif target is not None:
        yield from ((on, one) for one in target)
    if isinstance(place.tree, ast.Call) and _opens_doors(place.tree):
        yield from _doors(place, place.tree)
        return
    for child in ast.iter_child_nodes(place.tree):
        yield from _read(place._replace(tree=child), on)


def _target(place: _Place) -> FunctionType | type | tuple[type, ...] | None:
    """What a name in the code stands for, if it is a state, states, or code of the dialogs."""
    match place.tree:
        case ast.Name(id=name, ctx=ast.Load()):
            known = place.names.get(name)
            return known if _is_dialog_code(known) or known in STATES else None
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if place.state is not None:
            return _of_self(place.state, name)
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            known = getattr(place.names.get(module), name, None)
            return known if _is_dialog_code(known) else None
        case ast.AST():
            return None


def _of_self(state: type, name: str) -> FunctionType | tuple[type, ...] | None:
    member = inspect.getattr_static(state, name, None)
    if isinstance(member, FunctionType):
        return member
    kept = _hints(state).get(name)
    inside = get_args(kept) or (kept,)
    return tuple(one for one in inside if one in STATES) or None


def _self_of(place: _Place) -> type | None:
    """Methods go on speaking of the same state; functions know no ``self``."""
    return place.state if isinstance(place.tree, ast.Attribute) else None


def _is_dialog_code(known: object) -> bool:
    return isinstance(known, FunctionType) and known.__module__.startswith(HOME) and known.__module__ != f"{HOME}.state"


def _opens_doors(call: ast.Call) -> bool:
    return any(keyword.arg == "opens" and not isinstance(keyword.value, ast.Constant) for keyword in call.keywords)


def _doors(place: _Place, call: ast.Call) -> Iterator[tuple[str, type]]:
    """Behind the door that is named, or behind all where that is decided by a run."""
    named = {_constant(place, keyword.value) for keyword in call.keywords if keyword.arg == "opens"}
    for key, door in DOORS.items():
        if None not in named and key not in named:
            continue
        behind: Callable[..., Any] = getattr(door.opens, "func", door.opens)
        if isinstance(behind, FunctionType):
            yield from ((key, target) for _, target in _function(behind, None, key, place.trail))


def _constant(place: _Place, value: ast.expr) -> str | None:
    """The text of a constant of another module."""
    if not (isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)):
        return None
    found = getattr(place.names.get(value.value.id), value.attr, None)
    return found if isinstance(found, str) else None


def _label(pattern: ast.pattern, on: str) -> str:
    """``Chose("help")`` is ``help``, ``Answered(outcome)`` and what is told apart in it the outcome's name."""
    match pattern:
        case ast.MatchClass(cls=ast.Name(id="Chose"), patterns=[ast.MatchValue(value=ast.Constant(value=key))]):
            return str(key)
        case ast.MatchClass(cls=ast.Name(id=name)):
            return _WORDS.get(name, name)
        case ast.MatchClass(cls=ast.Attribute(attr=name)):
            return name
        case ast.MatchOr(patterns=several):
            return ", ".join(dict.fromkeys(_label(one, on) for one in several))
        case ast.MatchValue(value=ast.Attribute(attr=name)):
            return name.lower().replace("_", " ")
        case ast.pattern():
            return on


_WORDS = {"Chose": "a choice", "Heard": "typed", "Unsupported": "unreadable", "Answered": "an outcome"}


@cache
def _tree(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


@cache
def _hints(state: type) -> dict[str, Any]:
    return get_type_hints(state)
