"""Twilio's signature: closed unless proven, over what came as it came."""

from hashlib import sha256
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.provider import Posted
from channels.sms.twilio.signature import Forged, Genuine, distinct, sign, verify
from tests.support import twilio
from tests.support.twilio import PREVIOUS, PUBLIC, TOKEN

FORM = {"MessageSid": "SM1", "Body": "5 to Rudo, 100%", "From": "+263770000301", "To": twilio.OURS}
KIND = "application/x-www-form-urlencoded"


def posted(
    form: dict[str, str] | list[tuple[str, str]] | bytes = FORM,
    *,
    target: str = "/sms/twilio",
    signature: str | None = "",
    kind: str = f"{KIND}; charset=UTF-8",
) -> Posted:
    """A request, well signed unless another signature is given."""
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    if signature == "" and not isinstance(form, bytes):
        signature = twilio.signature(PUBLIC + target, form)
    headers = {"content-type": kind, "host": "elsewhere.example", "x-forwarded-host": "elsewhere.example"}
    if signature is not None:
        headers["x-twilio-signature"] = signature
    return Posted(method="POST", target=target, headers=headers, body=body)


def verdict(request: Posted, *, url: str = PUBLIC, tokens: tuple[str, ...] = (TOKEN, PREVIOUS)) -> Genuine | Forged:
    return verify(request, public_url=url, tokens=tokens)


def is_genuine(request: Posted, *, url: str = PUBLIC) -> bool:
    return isinstance(verdict(request, url=url), Genuine)


def test_the_example_of_twilios_documentation_is_genuine() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    request = posted(form, target="/myapp.php?foo=1&bar=2", signature="RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    found = verdict(request, url="https://mycompany.com", tokens=("12345",))
    assert found == Genuine(0, distinct(form.items()))


def test_the_previous_token_is_still_good_and_named() -> None:
    found = verdict(posted(signature=twilio.signature(f"{PUBLIC}/sms/twilio", FORM, PREVIOUS)))
    assert isinstance(found, Genuine)
    assert found.token == 1


@pytest.mark.parametrize(
    ("configured", "called"),
    [
        ("https://chat.example.test", "https://chat.example.test:443"),
        ("https://chat.example.test:443", "https://chat.example.test"),
        ("http://chat.example.test", "http://chat.example.test:80"),
        ("http://chat.example.test:80", "http://chat.example.test"),
        ("https://chat.example.test:8443", "https://chat.example.test:8443"),
        ("https://chat.example.test:8443", "https://chat.example.test"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]:443"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]"),
        ("https://chat.example.test/bots/one", "https://chat.example.test:443/bots/one"),
    ],
)
def test_a_port_may_be_told_or_left_out(configured: str, called: str) -> None:
    assert is_genuine(posted(signature=twilio.signature(f"{called}/sms/twilio", FORM)), url=configured)


@pytest.mark.parametrize(
    "called",
    [
        "http://chat.example.test",
        "https://elsewhere.example",
        "https://chat.example.test:8443",
        "https://chat.example.test.elsewhere.example",
    ],
)
def test_another_address_than_the_one_configured_is_wrong_whatever_the_headers_say(called: str) -> None:
    assert verdict(posted(signature=twilio.signature(f"{called}/sms/twilio", FORM))) is Forged.WRONG


@pytest.mark.parametrize("target", ["/sms/twilio?b=2&a=1", "/sms/twilio?ours=m%3A1%2F2%230", "/sms/twilio?a=%7e+b&a="])
def test_the_query_is_signed_in_the_order_and_with_the_escapes_it_came_with(target: str) -> None:
    assert is_genuine(posted(target=target))


@pytest.mark.parametrize(("came", "signed"), [("?a=1&b=2", "?b=2&a=1"), ("?a=%7E", "?a=%7e"), ("?a=+", "?a=%20")])
def test_a_query_that_was_written_anew_is_wrong(came: str, signed: str) -> None:
    signature = twilio.signature(f"{PUBLIC}/sms/twilio{signed}", FORM)
    assert verdict(posted(target=f"/sms/twilio{came}", signature=signature)) is Forged.WRONG


def test_of_a_repeated_parameter_the_distinct_values_are_signed_in_order() -> None:
    fields = [*FORM.items(), ("MediaUrl0", "b"), ("MediaUrl0", "a"), ("MediaUrl0", "b")]
    request = posted(fields, signature="")
    assert is_genuine(request)
    url = f"{PUBLIC}/sms/twilio"
    unsorted = twilio.signature(url + "Body" + FORM["Body"], {})
    assert verdict(posted(fields, signature=unsorted)) is Forged.WRONG


def test_parameters_nobody_knows_yet_are_signed_too() -> None:
    request = posted(FORM | {"NewParameter": "x", "Zebra": "", "aardvark": "é 🙏"})
    assert is_genuine(request)
    assert verdict(posted(FORM | {"NewParameter": "y"}, signature=twilio.signature(PUBLIC, FORM))) is Forged.WRONG


@pytest.mark.parametrize("missing", [None, ""])
def test_no_signature_is_missing(missing: str | None) -> None:
    assert verdict(posted(urlencode(FORM).encode(), signature=missing)) is Forged.MISSING


GOOD = twilio.signature(f"{PUBLIC}/sms/twilio", FORM)


@pytest.mark.parametrize(
    "given", [GOOD[:-1], GOOD + "=", " " + GOOD, GOOD.lower(), f"{GOOD}, {GOOD}", "é" * 28, "\ud800", "=" * 28]
)
def test_any_other_signature_is_wrong(given: str) -> None:
    assert verdict(posted(signature=given)) is Forged.WRONG


@pytest.mark.parametrize("tokens", [(), ("",), ("", "")])
def test_without_a_token_nothing_is_genuine(tokens: tuple[str, ...]) -> None:
    request = posted(signature=twilio.signature(f"{PUBLIC}/sms/twilio", FORM, ""))
    assert verdict(request, tokens=tokens) is Forged.WRONG


JSON = b'{"a": 1}'


HASH = sha256(JSON).hexdigest()


def json_posted(body: bytes = JSON, *, digest: str = HASH, kind: str = "application/json") -> Posted:
    target = f"/sms/twilio?bodySHA256={digest}"
    return posted(body, target=target, kind=kind, signature=twilio.signature(PUBLIC + target, {}))


def test_a_body_that_is_no_form_is_vouched_for_by_its_hash_in_the_address() -> None:
    assert verdict(json_posted()) == Genuine(0, {})
    assert is_genuine(json_posted(digest=HASH.upper()))
    assert verdict(json_posted(b'{"a": 2}')) is Forged.WRONG
    assert verdict(json_posted(digest="")) is Forged.WRONG
    unhashed = posted(JSON, kind="application/json", signature=twilio.signature(f"{PUBLIC}/sms/twilio", {}))
    assert verdict(unhashed) is Forged.WRONG


def test_a_form_is_signed_by_its_parameters_even_with_a_hash_in_the_address() -> None:
    assert verdict(json_posted(b"Body=hi", digest=sha256(b"Body=hi").hexdigest(), kind=KIND)) is Forged.WRONG


def test_a_body_of_no_kind_is_no_form() -> None:
    assert verdict(posted(kind="")) is Forged.WRONG
    assert is_genuine(posted(b"", kind="", signature=twilio.signature(f"{PUBLIC}/sms/twilio", {})))


words = st.text(st.characters(codec="utf-8"), max_size=12)


@given(
    fields=st.lists(st.tuples(words.filter(bool), words), max_size=8),
    query=st.from_regex(r"[!-\x22$-~]{0,20}", fullmatch=True),
)
def test_whatever_twilio_signs_is_genuine(fields: list[tuple[str, str]], query: str) -> None:
    assert is_genuine(posted(fields, target=f"/sms/twilio?{query}", signature=""))


@given(fields=st.dictionaries(words.filter(bool), words, min_size=1, max_size=5), data=st.data())
def test_no_value_can_be_changed(fields: dict[str, str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(fields)))
    changed = fields | {name: fields[name] + "1"}
    assert verdict(posted(changed, signature=twilio.signature(f"{PUBLIC}/sms/twilio", fields))) is Forged.WRONG


@given(body=st.binary(max_size=60), target=st.text(max_size=20), kind=st.sampled_from([KIND, "application/json", ""]))
def test_no_bytes_are_too_odd_to_be_refused(body: bytes, target: str, kind: str) -> None:
    assert verdict(posted(body, target=target, kind=kind, signature="x" * 28)) is Forged.WRONG


@given(odd=st.binary(min_size=1, max_size=20))
def test_bytes_that_are_no_text_are_signed_as_they_are(odd: bytes) -> None:
    body = b"Body=" + quote_plus(odd).encode()
    form = {"Body": [odd.decode("utf-8", "surrogateescape")]}
    signature = sign(f"{PUBLIC}/sms/twilio", form, TOKEN).decode()
    assert is_genuine(posted(body, signature=signature))
