"""How long a provider asks us to wait."""

import httpx
import pytest

from channels.sms.posting import wish_of


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0.5", 0.5), ("", None), ("soon", None), ("-1", None), ("nan", None), ("inf", None)],
)
def test_a_wish_is_a_number_of_seconds_or_none(header: str, seconds: float | None) -> None:
    assert wish_of(httpx.Response(429, headers={"retry-after": header})) == seconds


def test_no_header_is_no_wish() -> None:
    assert wish_of(httpx.Response(429)) is None
