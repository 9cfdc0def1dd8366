"""Open a connection: TCP, and TLS where the scheme says so.

Nothing of a request is sent here, so every failure is ``httpx.ConnectError`` or ``httpx.ConnectTimeout`` and may be
tried again.
"""

import ssl

import httpx
import trio

from actors.http1.stream import TcpStream
from actors.transport.connection import Stream
from actors.transport.limits import Patience
from actors.transport.wire import Origin


async def dial(origin: Origin, trust: ssl.SSLContext | None, patience: Patience) -> Stream:
    """A stream to the origin, verified by ``trust`` if given. Cancelled, it leaves nothing open."""
    with trio.CancelScope(deadline=min(trio.current_time() + patience.connect, patience.until)):
        try:
            stream = TcpStream.over(await trio.open_tcp_stream(origin.host, origin.port))
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{origin.host}:{origin.port} cannot be reached: {error}") from error
        return stream if trust is None else await _secure(stream, origin, trust)
    raise httpx.ConnectTimeout(f"{origin.host}:{origin.port} did not connect in time")


async def _secure(stream: TcpStream, origin: Origin, trust: ssl.SSLContext) -> trio.SSLStream[TcpStream]:
    secured = None
    try:
        candidate = trio.SSLStream(stream, trust, server_hostname=origin.host, https_compatible=True)
        await candidate.do_handshake()
        secured = candidate
    except (trio.BrokenResourceError, ValueError) as error:
        cause = error.__cause__ or error
        raise httpx.ConnectError(f"no TLS with {origin.host}:{origin.port}: {cause}") from error
    finally:
        if secured is None:
            stream.close()
    return secured
