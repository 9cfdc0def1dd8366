"""The schema step: fields in a fixed order, the first failing one wins, unknown keys are dropped in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from credex.money import Denomination
from credex.simulator.cleaning import Reader, Unfit
from credex.simulator.envelope import Failure
from credex.simulator.exchange import Body

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a body, how it is read, and whether it must be there (``null`` is not there)."""

    name: str
    read: Reader
    required: bool = True


Schema = tuple[Field, ...]


class Fields:
    """A body after its schema: only the schema's keys, cleaned. Asking for the wrong kind is a bug and raises."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """A text that is there."""
        return _a(str, self._values[name])

    def maybe(self, name: str) -> str | None:
        """A text, if it is there and not empty."""
        return self.text(name) or None if name in self else None

    def amount(self, name: str) -> Decimal:
        """An amount that is there."""
        return _a(Decimal, self._values[name])

    def denomination(self, name: str) -> Denomination:
        """A denomination that is there."""
        return _a(Denomination, self._values[name])

    def flag(self, name: str) -> bool:
        """A boolean that is there."""
        return _a(bool, self._values[name])

    def whole(self, name: str, default: int) -> int:
        """A whole number, or the default."""
        return _a(int, self._values.get(name, default))

    def raw(self, name: str) -> object:
        """Whatever was sent, or ``None``."""
        return self._values.get(name)


def checked(schema: Schema, body: Body) -> Fields | Failure:
    """The cleaned body, or the first field's failure."""
    values: dict[str, object] = {}
    for field in schema:
        sent = body.get(field.name)
        if sent is None:
            if field.required:
                return _invalid(field.name, f"Required field missing: {field.name}", missing=True)
            continue
        value = field.read(sent)
        if isinstance(value, Unfit):
            return _invalid(field.name, value.reason)
        values[field.name] = value
    return Fields(values)


def _invalid(name: str, reason: str, *, missing: bool = False) -> Failure:
    code = "VALIDATION_ERROR"
    if name == "phone":
        code = "MISSING_PHONE" if missing else "INVALID_PHONE"
    return Failure(400, "ERROR_VALIDATION", code, reason, blamed=name, actor="system")


def _a(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__}, the schema let {type(value).__name__} through")
    return value
