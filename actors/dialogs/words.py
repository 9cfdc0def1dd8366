"""Sentences in two lengths: the full one, and a brief one for text messages, where every segment costs.

``Words`` is the full sentence, a string like any other; its ``brief`` is the other one. ``format`` and ``joined`` keep
both, so a dialog speaks once and the frame picks by the channel. The brief one is worked out only when asked for. What
is built in any other way (an f-string, ``str.join``) is a plain string, and is its own brief form.

Only what is said may be ``Words``: what is stored, and what a channel gets, is a plain string (``full``, ``brief``).
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, Self


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

        def shorter() -> str:
            return self.brief.format(*map(_brief, args), **{name: _brief(value) for name, value in kwargs.items()})

        return Words(super().format(*args, **kwargs), shorter)


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
    if not any(type(part) is not str for part in said):
        return whole
    return Words(whole, lambda: separator.join(filter(None, map(brief, said))))


def pair(texts: MutableMapping[str, Any], briefs: Mapping[str, Any]) -> None:
    """Give the sentences of a module the brief forms that another one has under the same names.

    A mapping of sentences is paired key by key.
    """
    for name, shorter in briefs.items():
        known = texts.get(name)
        if not name.isupper() or known is None:
            continue
        if isinstance(shorter, str):
            texts[name] = both(known, shorter)
        elif isinstance(shorter, Mapping):
            texts[name] = {key: both(words, shorter[key]) if key in shorter else words for key, words in known.items()}


def _brief(value: object) -> object:
    return value.brief if isinstance(value, Words) else value
