"""A stream over a connected TCP socket that asks the kernel first and Trio only to wait.

``trio.SocketStream`` goes through Trio's scheduler with every call, whether it has to wait or not. In a conversation by
turns that is half of it too much: what is sent fits into the kernel's buffer, and what is to be read is never there
yet. So ``send_all`` tries, and ``receive_some`` waits. Receiving is always a checkpoint, sending only when the buffer
is full: a task that answers what it reads cannot keep the others from running.
"""

import select
import socket
from typing import NoReturn

import trio

_READ_BYTES = 64 * 1024


class TcpStream(trio.abc.HalfCloseableStream):
    """``trio.abc.HalfCloseableStream`` over ``socket``, which must not block and is the stream's own from now on.

    One task sends and one receives at a time. Raises ``trio.BrokenResourceError`` and ``trio.ClosedResourceError`` as
    Trio's streams do; a cancelled ``send_all`` may have sent a part.
    """

    __slots__ = ("_unread", "socket")

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self._unread = b""

    @classmethod
    def over(cls, stream: trio.SocketStream) -> "TcpStream":
        """The connection of a stream fresh from Trio, which must not be used any more."""
        taken = socket.socket(fileno=stream.socket.detach())
        taken.settimeout(0)
        return cls(taken)

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Hand everything to the kernel. Cancelled before a byte left, it has sent nothing."""
        await trio.lowlevel.checkpoint_if_cancelled()
        sent = self._send(data)
        if sent < len(data):
            await self._send_rest(memoryview(data)[sent:])

    async def wait_send_all_might_not_block(self) -> None:
        """Wait until the kernel has room."""
        self._check_open()
        await trio.lowlevel.wait_writable(self.socket)

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """Wait for bytes; ``b""`` when the peer has said its last."""
        if self._unread:
            await trio.lowlevel.checkpoint()
            return self._take_back(max_bytes)
        while True:
            self._check_open()
            await trio.lowlevel.wait_readable(self.socket)
            try:
                return self.socket.recv(max_bytes or _READ_BYTES)
            except BlockingIOError:
                continue  # woken for nothing
            except OSError as error:
                self._break(error)

    def unread(self, data: bytes) -> None:
        """Put bytes back, to be received first: for whoever goes on with this stream."""
        self._unread = data + self._unread

    def is_readable(self) -> bool:
        """Whether bytes, an end or an error wait to be received; costs one ``poll``."""
        if self._unread:
            return True
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(0))

    async def send_eof(self) -> None:
        """Say that nothing more will be sent."""
        await trio.lowlevel.checkpoint()
        self._check_open()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            self._break(error)

    def close(self) -> None:
        """Let go at once; whoever waits on it is woken with ``trio.ClosedResourceError``. Idempotent."""
        if self.socket.fileno() >= 0:
            trio.lowlevel.notify_closing(self.socket)
            self.socket.close()

    async def aclose(self) -> None:
        """``close``, as a checkpoint."""
        self.close()
        await trio.lowlevel.checkpoint()

    def _send(self, data: bytes | bytearray | memoryview) -> int:
        self._check_open()
        try:
            return self.socket.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            self._break(error)

    async def _send_rest(self, rest: memoryview) -> None:
        while rest:
            await self.wait_send_all_might_not_block()
            rest = rest[self._send(rest) :]

    def _take_back(self, max_bytes: int | None) -> bytes:
        taken = self._unread[:max_bytes]
        self._unread = self._unread[len(taken) :]
        return taken

    def _check_open(self) -> None:
        if self.socket.fileno() < 0:
            raise trio.ClosedResourceError("this stream was closed")

    def _break(self, error: OSError) -> NoReturn:
        self._check_open()
        raise trio.BrokenResourceError(f"the connection broke: {error}") from error
