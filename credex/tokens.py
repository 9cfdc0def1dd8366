"""Tokens of members, by phone, in memory only.

A token lives five minutes from its last use and can always be had again with the phone and the client key, so there is
nothing to store and nothing lost by forgetting: the least recently used goes when room is needed.
"""

from collections import OrderedDict

from credex.model import Phone


class Tokens:
    """At most ``capacity`` tokens."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._tokens: OrderedDict[Phone, str] = OrderedDict()

    def __repr__(self) -> str:
        return f"<Tokens {len(self._tokens)}/{self._capacity}>"

    def get(self, phone: Phone) -> str | None:
        """The token of this phone, which counts as using it."""
        token = self._tokens.get(phone)
        if token is not None:
            self._tokens.move_to_end(phone)
        return token

    def put(self, phone: Phone, token: str) -> None:
        """Keep this one from now on."""
        self._tokens[phone] = token
        self._tokens.move_to_end(phone)
        if len(self._tokens) > self._capacity:
            self._tokens.popitem(last=False)

    def drop(self, phone: Phone, token: str) -> None:
        """Forget this very token; a newer one, got meanwhile by another call, stays."""
        if self._tokens.get(phone) == token:
            del self._tokens[phone]
