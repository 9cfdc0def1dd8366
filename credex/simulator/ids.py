"""Ids that look random and are not: UUIDs of version 4 shape, derived from a name and a counter."""

import hashlib
import uuid


class Ids:
    """A sequence of ids; two with the same name give the same ids."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def next(self) -> str:
        """The next id."""
        self._count += 1
        digest = hashlib.sha256(f"{self._name}/{self._count}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))
