"""Sentences in two lengths: the full one, and a brief one for text messages, where every segment costs.

``Words`` is the full sentence, a string like any other; its ``brief`` is the other one. ``format`` and ``joined`` keep
both, so a dialog speaks once and the frame picks by the channel. The brief one is worked out only when asked for. What
is built in any other way (an f-string, ``str.join``) is a plain string, and is its own brief form.

Only what is said may be ``Words``: what is stored, and what a channel gets, is a plain string (``full``, ``brief``).
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import partial
from string import Formatter
from typing import Any, Self

_PLAIN = frozenset({str})


class Words(str):
    """A sentence, and what ``shorter`` makes of it for a text message."""

    __slots__ = ("_shorter",)
    _shorter: Callable[[], str]

    def __new__(cls, words: str, shorter: Callable[[], str]) -> Self:
        """``shorter`` is called whenever the brief form is asked for."""
        made = super().__new__(cls, words)
        made._shorter = shorter
        return made

    @property
    def brief(self) -> str:
        """The brief form."""
        return self._shorter()

    def format(self, *args: object, **kwargs: object) -> "Words":
        """As ``str.format``, in both lengths."""
        return Words(str.format(self, *args, **kwargs), partial(self._briefly, args, kwargs))

    def _briefly(self, args: tuple[object, ...], kwargs: dict[str, object]) -> str:
        return self.brief.format(*map(_brief, args), **{name: _brief(value) for name, value in kwargs.items()})


def both(words: str, shorter: str) -> Words:
    """A sentence with its brief form, which may be empty."""
    return Words(words, lambda: shorter)


def brief(words: str) -> str:
    """The brief form of anything that is said."""
    return words.brief if isinstance(words, Words) else words


def full(words: str) -> str:
    """The full form, as a plain string."""
    return str(words)


def joined(separator: str, parts: Iterable[str]) -> str:
    """The parts that are not empty, in both lengths."""
    said = tuple(parts)
    whole = separator.join(filter(None, said))
    if _PLAIN.issuperset(map(type, said)):
        return whole
    return Words(whole, lambda: separator.join(filter(None, map(brief, said))))


def pair(texts: MutableMapping[str, Any], briefs: Mapping[str, Any]) -> None:
    """Give the sentences of a module the brief forms that another one has under the same names.

    A mapping of sentences is paired key by key. A sentence without one that has a place in ``SHORT_PLACES`` keeps the
    brief form of what is filled in there, unless it is one of the ``HINTS``.
    """
    short, hints = briefs.get("SHORT_PLACES", frozenset()), briefs.get("HINTS", frozenset())
    for name, known in tuple(texts.items()):
        if not name.isupper() or name in hints:
            continue
        if isinstance(known, str):
            texts[name] = _paired(known, briefs.get(name), short)
        elif isinstance(known, Mapping) and all(isinstance(words, str) for words in known.values()):
            shorter = briefs.get(name, {})
            texts[name] = {key: _paired(words, shorter.get(key), short) for key, words in known.items()}


def places(words: str) -> frozenset[str]:
    """What is filled in, by name."""
    return frozenset(place for _, place, _, _ in Formatter().parse(words) if place is not None)


def _paired(words: str, shorter: str | None, short: frozenset[str]) -> str:
    if shorter is not None:
        return both(words, shorter)
    return both(words, words) if places(words) & short else words


def _brief(value: object) -> object:
    return value.brief if isinstance(value, Words) else value
