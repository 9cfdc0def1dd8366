"""The mailbox."""

from datetime import UTC, datetime

import pytest

from runtime.address import Address
from runtime.envelope import Answer, Envelope
from runtime.errors import MailboxFull
from runtime.mailbox import Mailbox


def envelope(sequence: int) -> Envelope:
    return Envelope(
        id=f"m{sequence}",
        address=Address("member:1"),
        accepted_at=datetime(2026, 9, 20, tzinfo=UTC),
        body=b"",
        sequence=sequence,
    )


def test_mail_comes_out_in_the_order_it_went_in() -> None:
    mailbox = Mailbox(3)
    for sequence in (1, 2, 3):
        mailbox.put_nowait(envelope(sequence))
    taken = [mailbox.take_nowait() for _ in range(3)]
    assert taken == [envelope(1), envelope(2), envelope(3)]
    assert mailbox.take_nowait() is None


def test_a_full_mailbox_refuses_envelopes_but_never_answers() -> None:
    mailbox = Mailbox(1)
    mailbox.put_nowait(envelope(1))
    with pytest.raises(MailboxFull):
        mailbox.put_nowait(envelope(2))
    mailbox.put_nowait(Answer("effect", b"", "body"))
    assert len(mailbox) == 2


def test_refilling_replaces_envelopes_and_keeps_answers_in_front() -> None:
    mailbox = Mailbox(4)
    mailbox.put_nowait(envelope(1))
    mailbox.put_nowait(Answer("effect", b"", "body"))
    mailbox.refill([envelope(5)])
    assert mailbox.take_nowait() == Answer("effect", b"", "body")
    assert mailbox.take_nowait() == envelope(5)


def test_it_shows_how_full_it_is() -> None:
    mailbox = Mailbox(64)
    mailbox.put_nowait(envelope(1))
    assert repr(mailbox) == "<Mailbox 1/64>"
