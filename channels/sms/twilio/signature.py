"""Is this request Twilio's? The check of ``X-Twilio-Signature``. Pure.

Twilio signs the address it called, as it called it, and behind it every parameter of a posted form: sorted by name,
name and value one after the other; of a name that comes more than once the distinct values, sorted. The HMAC-SHA1 of
that, keyed with the account's auth token, is sent in base64. A body that is no form is not signed itself: the address
then holds ``bodySHA256``, its hash in hex, and is signed alone. (Twilio: "Validating Signatures from Twilio"; where the
prose is silent, Twilio's own Python library.)

The address is put together from our configured public URL and the request's target, which goes in as it came: what is
ordered or escaped anew has another signature. The ``Host`` header and its like say what the caller likes. Twilio itself
is of two minds whether a port belongs to the address, so it may stand there, or the scheme's own, or none.

Two tokens may be good at once, while one is being replaced. Without a token nothing is genuine, and nothing here tells
anybody what the right signature would have been.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

from channels.sms.provider import Posted

Form = Mapping[str, Sequence[str]]
"""The distinct values of each parameter, sorted. Bytes that are no UTF-8 are in them as ``surrogateescape`` has it."""

_FORM = "application/x-www-form-urlencoded"
_PORTS = {"https": 443, "http": 80}
_EMPTY: Form = {}


@dataclass(frozen=True, slots=True)
class Genuine:
    """Signed with our token number ``token`` (0 is the current one, 1 the one before), over this form."""

    token: int
    form: Form


class Forged(Enum):
    """Not proven to be Twilio's."""

    MISSING = "no signature"
    WRONG = "wrong signature"


def verify(posted: Posted, *, public_url: str, tokens: Sequence[str]) -> Genuine | Forged:
    """Check a POST, in constant time. ``public_url`` is ours, without a slash at its end. Empty tokens never match."""
    given = posted.headers.get("x-twilio-signature", "").encode("utf-8", "replace")
    if not given:
        return Forged.MISSING
    form = form_of(posted)
    if form is None and not _is_hashed(posted):
        return Forged.WRONG
    signed = _EMPTY if form is None else form
    for number, token in enumerate(tokens):
        for url in _addresses(public_url, posted.target):
            if token and hmac.compare_digest(given, sign(url, signed, token)):
                return Genuine(number, signed)
    return Forged.WRONG


def sign(url: str, form: Form, token: str) -> bytes:
    """The header that Twilio sends with ``form`` to ``url``."""
    parameters = "".join(name + value for name in sorted(form) for value in form[name])
    return b64encode(hmac.digest(token.encode(), _bytes(url + parameters), "sha1"))


def form_of(posted: Posted) -> Form | None:
    """The parameters of a posted form; ``None`` if the body is something else."""
    kind = posted.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        return _EMPTY if not posted.body else None
    return distinct(pairs(posted.body.decode("utf-8", "surrogateescape")))


def pairs(encoded: str) -> Iterable[tuple[str, str]]:
    """What a form or a query holds, in its order."""
    return parse_qsl(encoded, keep_blank_values=True, errors="surrogateescape")


def distinct(parameters: Iterable[tuple[str, str]]) -> Form:
    """Each parameter with its distinct values, sorted."""
    form: dict[str, set[str]] = {}
    for name, value in parameters:
        form.setdefault(name, set()).add(value)
    return {name: sorted(values) for name, values in form.items()}


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which nobody can have signed
        return text.encode("utf-8", "replace")


def _is_hashed(posted: Posted) -> bool:
    said = dict(pairs(posted.target.partition("?")[2])).get("bodySHA256", "")
    return hmac.compare_digest(said.lower().encode("utf-8", "replace"), sha256(posted.body).hexdigest().encode())


def _addresses(public_url: str, target: str) -> Iterator[str]:
    """The address as it is configured; without its port; with the port that its scheme stands for."""
    yield public_url + target
    parts = urlsplit(public_url)
    host = parts.netloc.rpartition("@")[2]
    bare = host[: -len(f":{parts.port}")] if parts.port is not None else host
    default = f"{bare}:{_PORTS.get(parts.scheme, 443)}"
    for netloc in dict.fromkeys((bare, default)):
        if netloc != parts.netloc:
            yield f"{parts.scheme}://{netloc}{parts.path}{target}"
