"""A stream over real sockets of this machine: Trio's own contract, and what this one adds to it."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from actors.http1.stream import TcpStream

PATIENCE = 10


@asynccontextmanager
async def pair() -> AsyncIterator[tuple[TcpStream, TcpStream]]:
    one, other = (TcpStream(end) for end in socket.socketpair())
    for stream in (one, other):
        stream.socket.settimeout(0)
    with trio.fail_after(PATIENCE):
        async with one, other:
            yield one, other


async def test_bytes_arrive_and_then_the_end() -> None:
    async with pair() as (near, far):
        await near.send_all(b"hello")
        assert await far.receive_some() == b"hello"
        await near.send_eof()
        assert await far.receive_some() == b""
        await far.send_all(b"bye")
        assert await near.receive_some(2) == b"by"
        assert await near.receive_some(2) == b"e"


async def test_more_than_the_kernel_takes_at_once_is_sent_as_it_takes_it() -> None:
    sent, received = b"x" * 5_000_000, bytearray()
    async with pair() as (near, far), trio.open_nursery() as nursery:
        nursery.start_soon(near.send_all, sent)
        while len(received) < len(sent):
            received += await far.receive_some()
    assert received == sent


async def test_a_cancelled_send_has_sent_nothing_if_it_was_cancelled_before() -> None:
    async with pair() as (near, far):
        with trio.move_on_after(0) as scope:
            await near.send_all(b"hello")
        assert scope.cancelled_caught
        assert not far.is_readable()


async def test_a_send_nobody_reads_can_be_cancelled() -> None:
    async with pair() as (near, _):
        with trio.move_on_after(0.01) as scope:
            await near.send_all(b"x" * 5_000_000)
        assert scope.cancelled_caught


@pytest.mark.parametrize("put_back", [True, False])
async def test_receiving_lets_others_run_even_when_bytes_are_there(*, put_back: bool) -> None:
    async with pair() as (near, far), trio.open_nursery() as nursery:
        if put_back:
            near.unread(b"ab")
        else:
            await far.send_all(b"ab")
        ran = trio.Event()
        nursery.start_soon(_set, ran)
        await near.receive_some(1)
        await near.receive_some(1)
        assert ran.is_set()


async def _set(event: trio.Event) -> None:
    event.set()
    await trio.lowlevel.checkpoint()


async def test_what_was_put_back_comes_first() -> None:
    async with pair() as (near, far):
        await far.send_all(b"third")
        near.unread(b"second")
        near.unread(b"first")
        assert near.is_readable()
        assert await near.receive_some(3) == b"fir"
        assert await near.receive_some() == b"stsecond"
        assert await near.receive_some() == b"third"
        assert not near.is_readable()


async def test_a_peer_that_is_gone_is_a_broken_resource() -> None:
    async with pair() as (near, far):
        far.close()
        with pytest.raises(trio.BrokenResourceError):
            await near.send_all(b"x" * 5_000_000)


async def test_there_is_no_end_to_say_to_a_peer_that_never_was() -> None:
    alone = socket.socket()
    alone.settimeout(0)
    async with TcpStream(alone) as stream:
        with pytest.raises(trio.BrokenResourceError):
            await stream.send_eof()


async def test_a_connection_reset_is_a_broken_resource_to_who_receives() -> None:
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    async with listener, pair():
        near = TcpStream.over(await trio.open_tcp_stream("127.0.0.1", listener.socket.getsockname()[1]))
        far = await listener.accept()
        far.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        far.socket.close()
        with pytest.raises(trio.BrokenResourceError):
            await near.receive_some()
        near.close()


async def test_closed_it_says_so_and_wakes_who_waits() -> None:
    async with pair() as (near, far), trio.open_nursery() as nursery:

        async def receive() -> None:
            with pytest.raises(trio.ClosedResourceError):
                await near.receive_some()

        nursery.start_soon(receive)
        await trio.testing.wait_all_tasks_blocked()
        near.close()
        near.close()
        assert await far.receive_some() == b""
        for call in (near.receive_some, near.send_eof, near.wait_send_all_might_not_block):
            with pytest.raises(trio.ClosedResourceError):
                await call()
        with pytest.raises(trio.ClosedResourceError):
            await near.send_all(b"x")


async def test_it_waits_for_room_to_send() -> None:
    async with pair() as (near, far):
        await near.wait_send_all_might_not_block()
        assert not far.is_readable()
