"""The one way in which the application makes an HTTP client: built once, handed to every module that calls out."""

import httpx

_TIMEOUTS = httpx.Timeout(30.0, connect=5.0, pool=5.0)


def http_client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """A client over this transport: no proxies or settings from the environment, no redirects followed.

    Its timeouts are the outermost; callers bound each call themselves. Close it with ``async with``.
    """
    headers = {"accept-encoding": "identity"}  # the limit on bodies counts bytes as sent: nothing may unpack to more
    return httpx.AsyncClient(
        transport=transport, headers=headers, trust_env=False, timeout=_TIMEOUTS, follow_redirects=False
    )
