"""Whatever ``plain`` takes upon itself, h11 would have written and read the same."""

import h11
import httpx
from hypothesis import example, given
from hypothesis import strategies as st

from actors.transport import plain
from actors.transport.limits import Limits

LIMITS = Limits()
TYPICAL_ANSWER = (
    b"HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\nContent-Type: application/json; charset=utf-8\r\n"
    b'Content-Length: 15\r\nETag: W/"f-a"\r\nDate: Mon, 23 Nov 2026 15:23:31 GMT\r\nConnection: keep-alive\r\n'
    b'Keep-Alive: timeout=5\r\n\r\n{"data": "yes"}'
)

names = st.sampled_from(
    ["Host", "host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "Upgrade", "X-A", "Bad Name", "X:"]
)
values = st.one_of(
    st.sampled_from(
        ["0", "3", "03", "+3", "3, 3", "chunked", "close", "keep-alive", "Keep-Alive, x", "100-continue", ""]
    ),
    st.text(st.characters(max_codepoint=255), max_size=8),
)
headers = st.lists(st.tuples(names, values), max_size=5)
pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"HTTP/1.1 200 OK\r\n",
                b"HTTP/1.1 204 No Content\r\n",
                b"HTTP/1.1 304 \r\n",
                b"HTTP/1.0 200 OK\r\n",
                b"HTTP/1.1 100 Continue\r\n",
                b"HTTP/1.1 503\r\n",
                b"Content-Length: 3\r\n",
                b"content-length:\t3 \r\n",
                b"Content-Length: 003\r\n",
                b"Content-Length: 0\r\n",
                b"Content-Length: 3, 3\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Connection: close\r\n",
                b"Connection: keep-alive\r\n",
                b"X-Fold: a\r\n b\r\n",
                b"X-\xe9: \xe9\r\n",
                b"X: \xe9 \xff\r\n",
                b"X:\r\n",
                b"X: a\nContent-Length: 4\r\n",
                b"\r\n",
                b"abc",
                b"3\r\nabc\r\n0\r\n\r\n",
            ]
        ),
        st.binary(max_size=3),
    ),
    max_size=7,
).map(b"".join)


def h11_writes(request: httpx.Request, content: bytes) -> bytes:
    http = h11.Connection(h11.CLIENT)
    head = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
    return http.send(head) + http.send(h11.Data(content)) + http.send(h11.EndOfMessage())


def h11_reads(received: bytes) -> tuple[plain.PlainAnswer, bool]:
    """The answer, and whether the connection is at rest after it."""
    http = h11.Connection(h11.CLIENT)
    http.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    http.send(h11.EndOfMessage())
    http.receive_data(received)
    head = http.next_event()
    assert isinstance(head, h11.Response)
    body = b""
    while isinstance(event := http.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    at_rest = (http.our_state, http.their_state) == (h11.DONE, h11.DONE) and not http.trailing_data[0]
    return plain.PlainAnswer(head.status_code, head.reason, head.headers.raw_items(), body), at_rest


def host_first(sent: bytes) -> bytes:
    """h11 puts ``Host`` before the other headers wherever it stood."""
    head, body = sent.split(b"\r\n\r\n", 1)
    first, *lines = head.split(b"\r\n")
    return (
        b"\r\n".join([first, *sorted(lines, key=lambda line: not line.lower().startswith(b"host:"))])
        + b"\r\n\r\n"
        + body
    )


def test_a_usual_request_is_plain() -> None:
    request = httpx.Client(trust_env=False).build_request(
        "POST", "https://core.example/v1/login?x=%20", json={"phone": "263770000000"}, headers={"apiKey": "invented"}
    )
    assert plain.write(request, request.content) == h11_writes(request, request.content)


def test_a_usual_answer_is_plain() -> None:
    assert (plain.read(TYPICAL_ANSWER, LIMITS), True) == h11_reads(TYPICAL_ANSWER)


@given(st.sampled_from(["GET", "POST", "HEAD", "CONNECT", "G T"]), headers, st.sampled_from([b"", b"abc"]))
def test_a_request_written_plainly_is_written_as_h11_would(
    method: str, fields: list[tuple[str, str]], content: bytes
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in [("Host", "core.example"), *fields]]
    request = httpx.Request(
        method, "http://core.example/v1?q=1", headers=httpx.Headers(raw), stream=httpx.ByteStream(content)
    )
    written = plain.write(request, content)
    if written is not None:
        assert written == h11_writes(request, content)


@given(pieces)
@example(TYPICAL_ANSWER)
@example(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\nabc")
@example(b"HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\n\r\nabc")
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc")
def test_an_answer_read_plainly_is_read_as_h11_would(received: bytes) -> None:
    answer = plain.read(received, LIMITS)
    if answer is not None:
        assert (answer, True) == h11_reads(received)


@given(st.integers(0, len(TYPICAL_ANSWER) - 1), st.binary(max_size=3))
def test_a_usual_answer_with_a_flaw_is_read_as_h11_would_or_left_to_it(place: int, flaw: bytes) -> None:
    received = TYPICAL_ANSWER[:place] + flaw + TYPICAL_ANSWER[place + 1 :]
    answer = plain.read(received, LIMITS)
    if answer is not None:
        assert (answer, True) == h11_reads(received)


def test_what_is_beyond_the_limits_is_not_plain() -> None:
    head, body = TYPICAL_ANSWER.split(b"\r\n\r\n")
    assert plain.read(TYPICAL_ANSWER, Limits(head_bytes=len(head) + 4, body_bytes=len(body)))
    assert plain.read(TYPICAL_ANSWER, Limits(head_bytes=len(head) + 3)) is None
    assert plain.read(TYPICAL_ANSWER, Limits(body_bytes=len(body) - 1)) is None
