"""How long a provider asks us to wait."""

import pytest

from channels.refusal import wished


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0.5", 0.5), ("", None), ("soon", None), ("-1", None), ("nan", None), ("inf", None), (None, None)],
)
def test_a_wish_is_a_number_of_seconds_or_none(header: str | None, seconds: float | None) -> None:
    assert wished(header) == seconds
