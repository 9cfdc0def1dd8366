"""The one way in which the application makes an HTTP client: built once, handed to every module that calls out.

It is an ``httpx.AsyncClient`` without what its callers have no use for. Authentication flows, redirects, cookies, event
hooks and the wrapping of every answer's stream cost more than our transport's whole call, and leave a reference cycle a
call behind for the garbage collector. ``build_request`` and ``send`` are httpx's public seams; the rest of the API
works through them as ever.
"""

from typing import Any, TypeVar

import httpx

K = TypeVar("K")
V = TypeVar("V")

_TIMEOUTS = httpx.Timeout(30.0, connect=5.0, pool=5.0)
_KEPT = 64


class DirectClient(httpx.AsyncClient):
    """Requests go straight to the transport, answers come straight back."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        # Nothing may be unpacked to more than the transport's limit on bodies, which counts bytes as sent.
        headers = {"accept-encoding": "identity"}
        super().__init__(transport=transport, headers=headers, trust_env=False, timeout=_TIMEOUTS)
        self._direct = transport
        self._defaults = dict(self.headers)
        self._urls: dict[str, httpx.URL] = {}
        self._headers_kept: dict[tuple[bytes, tuple[tuple[str, str], ...]], httpx.Headers] = {}

    def build_request(  # type: ignore[override]  # noqa: PLR0913 - the parameters our callers use, under httpx's names
        self,
        method: str,
        url: httpx.URL | str,
        *,
        content: Any = None,  # noqa: ANN401 - as in httpx
        json: Any = None,  # noqa: ANN401 - as in httpx
        params: Any = None,  # noqa: ANN401 - as in httpx
        headers: dict[str, str] | None = None,
        timeout: Any = _TIMEOUTS,  # noqa: ANN401 - as in httpx
        extensions: dict[str, Any] | None = None,
        **_unused: Any,  # noqa: ANN401 - cookies, files, forms
    ) -> httpx.Request:
        """A request with the client's default headers under the given ones."""
        limits = _TIMEOUTS if timeout is httpx.USE_CLIENT_DEFAULT else httpx.Timeout(timeout)
        given = tuple((name.lower(), value) for name, value in headers.items()) if headers else ()
        parsed = self._url(url)
        extended = {"timeout": limits.as_dict(), **(extensions or {})}
        if method == "POST" and isinstance(content, bytes) and content and params is None and json is None:
            return self._known(parsed, given, content, extended)
        return httpx.Request(
            method,
            parsed,
            params=params,
            headers=self._defaults | dict(given),
            content=content,
            json=json,
            extensions=extended,
        )

    def _known(
        self, url: httpx.URL, given: tuple[tuple[str, str], ...], content: bytes, extensions: dict[str, Any]
    ) -> httpx.Request:
        """A request as httpx would make it, from headers that were put together for one before."""
        headers = self._headers_kept.get((url.netloc, given))
        if headers is None:
            headers = httpx.Headers({"host": url.netloc.decode("ascii")} | self._defaults | dict(given))
            _keep(self._headers_kept, (url.netloc, given), headers)
        request = httpx.Request("POST", url, headers=headers, stream=httpx.ByteStream(content), extensions=extensions)
        request.headers["Content-Length"] = str(len(content))
        request.read()
        return request

    async def send(self, request: httpx.Request, *, stream: bool = False, **_unused: Any) -> httpx.Response:  # noqa: ANN401
        """One exchange. Raises what the transport raises; cancelling closes the connection."""
        response = await self._direct.handle_async_request(request)
        response.request = request
        if not stream:
            await response.aread()
        return response

    def _url(self, url: httpx.URL | str) -> httpx.URL:
        """Parsed once: a server calls few addresses, again and again. A relative one is the base URL's."""
        if isinstance(url, httpx.URL):
            parsed = url
        elif url in self._urls:
            parsed = self._urls[url]
        else:
            parsed = httpx.URL(url)
            _keep(self._urls, url, parsed)
        return parsed if parsed.is_absolute_url else self.base_url.join(parsed)


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value


def http_client(transport: httpx.AsyncBaseTransport) -> DirectClient:
    """A client over this transport: no proxies or settings from the environment, no redirects followed.

    Its timeouts are the outermost; callers bound each call themselves. Close it with ``async with``.
    """
    return DirectClient(transport)
