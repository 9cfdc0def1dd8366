"""Requests as providers make them, for the tests of their wire modules."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from channels.message import DeliveryReport, InboundMessage
from channels.sms.provider import Posted, Received, Refused

NOW = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
PHONE = "263772123456"


def posted(target: str, body: bytes = b"", *, method: str = "POST") -> Posted:
    """A request with a body."""
    return Posted(method=method, target=target, headers={}, body=body)


def form(target: str, fields: Mapping[str, str | bytes]) -> Posted:
    """A POST of a form."""
    return posted(target, urlencode(fields).encode())


def fetched(target: str, fields: Mapping[str, str | bytes]) -> Posted:
    """A GET with a query."""
    return posted(f"{target}?{urlencode(fields)}", method="GET")


def message(received: Received | Refused) -> InboundMessage:
    """The only thing received, a message."""
    assert isinstance(received, Received), received
    [only] = received.messages
    assert not received.reports
    assert not received.ignored
    return only


def report(received: Received | Refused) -> DeliveryReport:
    """The only thing received, a delivery report."""
    assert isinstance(received, Received), received
    [only] = received.reports
    assert not received.messages
    assert not received.ignored
    return only
