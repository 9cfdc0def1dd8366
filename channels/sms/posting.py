"""One POST to a provider: one try, one total time limit. Nothing is logged, and errors name no number and no words."""

from collections.abc import Mapping

import httpx

from channels.channel import NotSent


class Post:
    """Posts by ``http``, whose transport is asked for each of httpx's timeouts and for ``whole``."""

    def __init__(self, http: httpx.AsyncClient, *, limit_seconds: float) -> None:
        self._http = http
        self._limits = {"timeout": dict.fromkeys(("pool", "connect", "write", "read", "whole"), limit_seconds)}

    async def __call__(self, url: str, content: bytes, headers: Mapping[bytes, bytes]) -> httpx.Response:
        """Post ``content``. ``NotSent`` if no answer came: then it may have been taken all the same."""
        try:
            return await self._http.post(url, content=content, headers=dict(headers), extensions=self._limits)
        except httpx.HTTPError as error:
            raise NotSent(f"no answer: {type(error).__name__}") from error
