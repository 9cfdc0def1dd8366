"""The body of a request to Quart, held within bounds."""

from quart import request


async def read_body(largest: int) -> bytes | None:
    """The whole body of the request at hand, or ``None`` if it is larger than so many bytes."""
    if (request.content_length or 0) > largest:
        return None
    whole = b""
    async for part in request.body:
        whole += part
        if len(whole) > largest:
            return None
    return whole


def is_packed() -> bool:
    """Whether the request at hand has a body that would have to be unpacked."""
    return request.headers.get("Content-Encoding", "identity") != "identity"
