"""The table, and what the mocks and the load make of HTTP."""

import pytest

from tests.benchmarks.lab import missing
from tests.benchmarks.outside import answer, whole
from tests.benchmarks.people import Crowd
from tests.benchmarks.table import Findings, Row, table
from tests.support import webhooks


def test_a_row_shows_figure_comparison_ratio_aim_and_verdict() -> None:
    row = Row(what="a thing", figure="10 /s", beside="20 /s, another", ratio=0.5, aim="0.7 of it", met=False)
    title, _, line = table([Findings((row,))]).splitlines()[:3]
    assert title.split() == ["what", "figure", "beside", "ratio", "aim", "met"]
    assert [cell.strip() for cell in line.split("  ")] == [
        "a thing",
        "10 /s",
        "20 /s, another",
        "0.50",
        "0.7 of it",
        "NO",
    ]


def test_a_figure_with_nothing_to_meet_has_no_verdict() -> None:
    line = table([Findings((Row(what="a thing", figure="10 /s"),))]).splitlines()[2]
    assert line.split() == ["a", "thing", "10", "/s"]


def test_remarks_stand_below_the_rows() -> None:
    shown = table([Findings((Row(what="a thing", figure="1"),), ("first",)), Findings((), ("second",))])
    assert shown.splitlines()[-2:] == ["- first", "- second"]


@pytest.mark.parametrize("cut", [1, 10, -1])
def test_an_http_message_is_taken_when_all_of_it_is_there(cut: int) -> None:
    said = answer(b'{"id":1}')
    assert whole(said[:cut]) is None
    found = whole(said)
    assert found is not None
    assert found[0].startswith(b"http/1.1 200")
    assert found[1] == b'{"id":1}'


def test_a_message_without_a_length_has_no_body() -> None:
    assert whole(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == (b"get / http/1.1\r\nhost: a", b"")


def test_everybody_in_the_crowd_is_somebody_else_and_signs_what_they_say() -> None:
    crowd = Crowd()
    posts = [*crowd.posts(2), *crowd.posts(2)]
    assert len({post.phone for post in posts}) == 4
    for post in posts:
        found = whole(post.request)
        assert found is not None
        assert post.phone.encode() in found[1]
        assert webhooks.signature(found[1]).encode() in found[0]


def test_what_the_fastapi_program_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.benchmarks.lab.find_spec", lambda name: None if name == "aiohttp" else object())
    assert missing() == ("aiohttp",)
