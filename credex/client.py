"""The one module that calls credex-core.

A command becomes a request (``credex.wire``), the request one HTTP exchange, its answer an outcome
(``credex.answers``). This module adds what is between: tokens, time, and the question how often.

Tokens are had by a silent login when there is none, replaced by the refreshed one that each answer carries in a header,
and dropped on a 401; then the call is made once more. A 401 is given before anything is done, so that repeat is safe
for money.

Every exchange first asks leave of the pace that was handed in, and tells it of every 429: credex-core's limit counts
all calls of this process. A call waits for half of its time at most, so that none is sent with no time left to answer
it; what gets no leave by then was not sent, and is told as that it is busy.

Requests that change nothing (a login and every ``ReadCommand``) are *patient*: they go through the retry that was
handed in. All others are sent once. A money command's outcome is ``Unavailable`` only if it is certain that
nothing was done: the transport failed before it sent a byte, or the answer is one that is given before any operation
runs.

Nothing here logs or names a phone, a token or a body.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple, Protocol, TypeVar

import httpx
import trio

from credex.answers import (
    Answer,
    Trouble,
    conclude,
    granted_token,
    read_answer,
    refreshed_token,
    wait_seconds,
)
from credex.commands import (
    ChangeCommand,
    Command,
    Login,
    MoneyCommand,
    Onboard,
    ReadCommand,
)
from credex.core import CredexCore
from credex.model import Phone
from credex.outcomes import Outcome
from credex.pace import Pace, Purpose, Unpaced
from credex.tokens import Tokens
from credex.wire import Request, login_request, request_for

T = TypeVar("T")

TOKENS = 10_000
"""How many members' tokens are kept; about 4 MB."""
LARGEST_ANSWER = 1024 * 1024
"""Bytes of an answer that are read; a body cut here is malformed."""

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""The transport's promise that no byte of the request left."""
_LATE = "no answer in time"
_BUSY = Trouble("too many calls already wait", harmless=True, alive=True)
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}


class Terms(NamedTuple):
    """Until when on Trio's clock, and what for."""

    until: float
    purpose: Purpose


Exchange = Callable[[Request, Mapping[str, str], Terms], Awaitable[Answer | Trouble]]
"""A request, the header with its secret, and its terms, into what came back."""


class Retryable(Exception):
    """A patient request failed in a way that may pass. ``after_seconds`` is the wait credex-core asked for."""

    def __init__(self, failure: Answer | Trouble) -> None:
        super().__init__(failure.cause if isinstance(failure, Trouble) else f"HTTP {failure.status}")
        self.failure = failure
        self.after_seconds = failure.after_seconds if isinstance(failure, Answer) else None


class Retry(Protocol):
    """Calls until it succeeds, repeating on ``Retryable``; raises the last one, or ``trio.TooSlowError``."""

    async def __call__(self, call: Callable[[], Awaitable[T]], until: float, purpose: Purpose) -> T:
        """The first result of ``call``, by ``until`` on Trio's clock at the latest."""
        ...


class CredexClient:
    """``CredexCore`` over HTTP.

    ``http`` is closed by whoever made it; its transport keeps the time of each exchange, by httpx's timeouts and by one
    more that bounds it from start to answer, ``whole``. ``limit_seconds`` bounds a whole command, silent login and
    repeats included; ``attempt_seconds`` one patient exchange within it; ``connect_seconds`` connecting, after which
    nothing was sent. A money command's silent login may take half of what is left, so that a slow login ends as
    ``Unavailable`` and not as a payment begun too late.
    """

    def __init__(  # noqa: PLR0913 - three limits, and what a client stands on
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        client_key: str,
        retry: Retry,
        pace: Pace | None = None,
        limit_seconds: float = 30.0,
        attempt_seconds: float = 10.0,
        connect_seconds: float = 4.0,
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._key_header = {"x-client-api-key": client_key}
        self._retry = retry
        self._pace = pace or Unpaced()
        self._limit_seconds = limit_seconds
        self._attempt_seconds = attempt_seconds
        self._connect_seconds = connect_seconds
        self._tokens = Tokens(TOKENS)

    def __repr__(self) -> str:
        return f"<CredexClient {self._tokens!r}>"

    async def execute(self, command: Command) -> Outcome:
        """See ``CredexCore.execute``. Cancelling closes the connection of the exchange under way."""
        return await self.execute_for(_purpose(command), command)

    async def execute_for(self, purpose: Purpose, command: Command) -> Outcome:
        """The same, with the urgency and the patience of that purpose."""
        terms = Terms(trio.current_time() + self._limit_seconds, purpose)
        return conclude(command, await self._read(command, terms))

    def settling(self) -> CredexCore:
        """The same credex-core for those who find out what became of payments."""
        return _Settling(self)

    async def alive(self) -> bool:
        """Whether it says of itself that it is healthy; for operators."""
        with trio.move_on_after(self._attempt_seconds):
            try:
                return (await self._http.get(f"{self._base_url}/health")).is_success
            except httpx.RequestError:
                return False
        return False

    async def _read(self, command: Command, terms: Terms) -> Outcome | Trouble:
        if isinstance(command, Login):
            answer = await self._patiently(request_for(command), self._key_header, terms)
        elif isinstance(command, Onboard):
            answer = await self._exchange(request_for(command), self._key_header, terms)
        else:
            exchange = self._patiently if isinstance(command, ReadCommand) else self._exchange
            answer = await self._authorized(command, exchange, terms)
        if isinstance(answer, Trouble):
            return answer
        self._keep_token(command.phone, answer)
        return read_answer(command, answer)

    async def _authorized(
        self, command: ReadCommand | ChangeCommand | MoneyCommand, exchange: Exchange, terms: Terms
    ) -> Answer | Trouble:
        request = request_for(command)
        for _ in range(2):
            token = self._tokens.get(command.phone) or await self._log_in(command.phone, terms)
            if isinstance(token, Trouble):
                return token
            answer = await exchange(request, {"Authorization": f"Bearer {token}"}, terms)
            if isinstance(answer, Trouble) or not answer.unauthorized:
                return answer
            self._tokens.drop(command.phone, token)
        return Trouble("a fresh token was refused", harmless=True, alive=True)

    async def _log_in(self, phone: Phone, terms: Terms) -> str | Trouble:
        """Silently. Whatever goes wrong here goes wrong before the command itself, so it is harmless."""
        now = trio.current_time()
        half = terms._replace(until=now + (terms.until - now) / 2)
        answer = await self._patiently(login_request(phone), self._key_header, half)
        if isinstance(answer, Trouble):
            return Trouble(f"login: {answer.cause}", harmless=True, alive=answer.alive)
        self._keep_token(phone, answer)
        fault = Trouble(f"login: HTTP {answer.status}", harmless=True, alive=not answer.passing)
        return self._tokens.get(phone) or fault

    def _keep_token(self, phone: Phone, answer: Answer) -> None:
        token = None if answer.unauthorized else granted_token(answer)
        if token is not None:
            self._tokens.put(phone, token)

    async def _patiently(self, request: Request, secret: Mapping[str, str], terms: Terms) -> Answer | Trouble:
        async def attempt() -> Answer | Trouble:
            until = min(terms.until, trio.current_time() + self._attempt_seconds)
            answer = await self._exchange(request, secret, terms._replace(until=until))
            if answer is not _BUSY and (isinstance(answer, Trouble) or answer.passing):
                raise Retryable(answer)
            return answer

        try:
            return await self._retry(attempt, terms.until, terms.purpose)
        except Retryable as last:
            return last.failure
        except trio.TooSlowError:
            return Trouble(_LATE)

    async def _exchange(self, request: Request, secret: Mapping[str, str], terms: Terms) -> Answer | Trouble:
        now = trio.current_time()
        if now < terms.until and not await self._pace.leave(terms.purpose, now + (terms.until - now) / 2):
            return _BUSY
        seconds = terms.until - trio.current_time()
        if seconds <= 0:
            return Trouble(_LATE, harmless=True)
        try:
            answer = await self._post(request, secret, seconds)
        except _UNSENT as error:
            return Trouble(type(error).__name__, harmless=True)
        except httpx.RequestError as error:
            return Trouble(type(error).__name__)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._pace.turned_away(answer.after_seconds)
        return answer

    async def _post(self, request: Request, secret: Mapping[str, str], seconds: float) -> Answer:
        # Connecting that takes long fails by itself, as something that was never sent.
        connecting = min(seconds, self._connect_seconds)
        limits = {"pool": connecting, "connect": connecting, "write": seconds, "read": seconds, "whole": seconds}
        asking = self._http.build_request(
            "POST",
            self._base_url + request.path,
            content=request.body,
            headers={**_HEADERS, **secret},
            extensions={"timeout": limits},
        )
        response = await self._http.send(asking, stream=True, follow_redirects=False)
        try:
            return Answer(
                response.status_code,
                await _body(response),
                token=refreshed_token(response.headers.get("authorization")),
                after_seconds=wait_seconds(response.headers.get("retry-after")),
            )
        finally:
            if not response.is_closed:
                await response.aclose()


class _Settling:
    """``CredexCore`` as settlement sees it."""

    def __init__(self, client: CredexClient) -> None:
        self._client = client

    async def execute(self, command: Command) -> Outcome:
        """See ``CredexCore.execute``."""
        return await self._client.execute_for(Purpose.SETTLING, command)


def _purpose(command: Command) -> Purpose:
    if isinstance(command, Login):
        return Purpose.LOGIN
    return Purpose.READING if isinstance(command, ReadCommand) else Purpose.MONEY


async def _body(response: httpx.Response) -> bytes:
    """At most ``LARGEST_ANSWER`` bytes; nothing of a body packed against our wish, which could unpack to any size."""
    if response.headers.get("content-encoding", "identity") != "identity":
        return b""
    if response.is_closed:
        return response.content[:LARGEST_ANSWER]
    body = bytearray()
    with trio.CancelScope() as enough:  # leaving the loop would leave httpx's inner generators to the collector
        async for chunk in response.aiter_bytes():
            body += chunk[: LARGEST_ANSWER - len(body)]
            if len(body) >= LARGEST_ANSWER:
                enough.cancel()
    return bytes(body)
