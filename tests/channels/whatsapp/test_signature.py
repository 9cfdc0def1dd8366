"""Signatures and the handshake: closed unless proven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.signature import Forged, Genuine, handshake, sign, verify

BODY = b'{"object":"whatsapp_business_account"}'
CURRENT, PREVIOUS = "secret-of-today", "secret-of-yesterday"
GOOD = sign(BODY, CURRENT).decode()
HANDSHAKE = {"hub.mode": "subscribe", "hub.verify_token": "token-1", "hub.challenge": "115_820-x"}


def test_a_known_signature_is_made() -> None:
    expected = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    assert sign(b"The quick brown fox jumps over the lazy dog", "key") == f"sha256={expected}".encode()


@pytest.mark.parametrize("header", [GOOD, GOOD.encode()])
def test_the_current_secret_is_recognised(header: str | bytes) -> None:
    assert verify(BODY, header, [CURRENT, PREVIOUS]) == Genuine(0)


def test_the_previous_secret_is_still_good_and_named() -> None:
    assert verify(BODY, sign(BODY, PREVIOUS), [CURRENT, PREVIOUS]) == Genuine(1)


@pytest.mark.parametrize("header", [None, "", b""])
def test_no_signature_is_missing(header: str | bytes | None) -> None:
    assert verify(BODY, header, [CURRENT]) is Forged.MISSING


@pytest.mark.parametrize(
    "header",
    [
        GOOD.removeprefix("sha256="),
        GOOD.replace("sha256=", "sha512="),
        "SHA256=" + GOOD[7:],
        GOOD.upper(),
        "sha256=" + GOOD[7:].upper(),
        GOOD + "0",
        GOOD[:-1],
        GOOD + ", " + GOOD,
        " " + GOOD,
        "sha256=" + "0" * 64,
        "sha256=" + "é" * 64,
        "sha256=" + "\udcff" * 64,
        "sha256=",
    ],
)
def test_any_other_signature_is_wrong(header: str) -> None:
    assert verify(BODY, header, [CURRENT]) is Forged.WRONG


def test_another_body_is_wrong() -> None:
    assert verify(BODY + b" ", GOOD, [CURRENT]) is Forged.WRONG


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_genuine(secrets: list[str]) -> None:
    assert verify(BODY, sign(BODY, ""), secrets) is Forged.WRONG


@given(st.text() | st.binary())
def test_no_header_breaks_the_check(header: str | bytes) -> None:
    assert isinstance(verify(BODY, header, [CURRENT]), Forged)


def test_a_refusal_knows_its_http_status() -> None:
    assert (Forged.MISSING.value, Forged.WRONG.value) == (401, 403)


def test_the_handshake_answers_the_challenge() -> None:
    assert handshake(HANDSHAKE, "token-1") == "115_820-x"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.verify_token": "token-2"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "tökën\udcff"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>"},
        {"hub.challenge": "a\n"},
        {"hub.challenge": "a" * 129},
    ],
)
def test_anything_else_is_not_answered(change: dict[str, str]) -> None:
    assert handshake(HANDSHAKE | change, "token-1") is None


@pytest.mark.parametrize("name", list(HANDSHAKE))
def test_a_handshake_with_a_part_missing_is_not_answered(name: str) -> None:
    assert handshake({key: part for key, part in HANDSHAKE.items() if key != name}, "token-1") is None


def test_without_a_token_of_ours_no_handshake_is_answered() -> None:
    assert handshake({**HANDSHAKE, "hub.verify_token": ""}, "") is None
