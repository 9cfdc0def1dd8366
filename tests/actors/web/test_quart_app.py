"""The Quart application: every answer is JSON, and nothing of the inside gets out."""

import json

import pytest
import trio
from quart import Blueprint, abort
from quart_trio import QuartTrio

from actors.web.quart_app import quart_app


def app(*, home: str | None = None) -> QuartTrio:
    blueprint = Blueprint("rooms", __name__)

    @blueprint.get("/here")
    async def here() -> dict[str, str]:
        return {"you": "are here"}

    @blueprint.get("/there/")
    async def there() -> dict[str, str]:
        return {"you": "are there"}

    @blueprint.get("/broken")
    async def broken() -> str:
        raise ValueError("member:263771234567 said hello")

    @blueprint.get("/broken-in-a-group")
    async def broken_in_a_group() -> str:
        async with trio.open_nursery():
            raise ValueError("member:263771234567 said hello")

    @blueprint.get("/teapot")
    async def teapot() -> str:
        abort(418)

    return quart_app([blueprint], home=home)


async def _ask(method: str, path: str, *, home: str | None = None) -> tuple[int, str, str]:
    client = app(home=home).test_client()
    response = await (client.post(path) if method == "POST" else client.get(path))
    return response.status_code, response.headers.get("content-type", ""), await response.get_data(as_text=True)


async def test_what_is_there_is_answered() -> None:
    status, kind, body = await _ask("GET", "/here")
    assert (status, kind, json.loads(body)) == (200, "application/json", {"you": "are here"})


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/nowhere", 404, "Not Found"),
        ("GET", "/here/", 404, "Not Found"),
        ("GET", "/static/../../etc/passwd", 404, "Not Found"),
        ("POST", "/here", 405, "Method Not Allowed"),
        ("GET", "/teapot", 418, "I'm a teapot"),
        ("GET", "/broken", 500, "Internal Server Error"),
        ("GET", "/broken-in-a-group", 500, "Internal Server Error"),
    ],
)
async def test_a_refusal_is_json_that_names_itself_and_nothing_else(
    method: str, path: str, status: int, name: str
) -> None:
    got, kind, body = await _ask(method, path)
    assert (got, kind, json.loads(body)) == (status, "application/json", {"error": name})


async def test_a_refused_method_says_which_are_allowed() -> None:
    response = await app().test_client().post("/here")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers.getlist("Content-Type") == ["application/json"]


async def test_a_path_that_only_lacks_its_last_slash_leads_there() -> None:
    response = await app().test_client().get("/there")
    assert (response.status_code, response.headers["Location"].endswith("/there/")) == (308, True)


async def test_the_root_leads_home() -> None:
    response = await app(home="/here").test_client().get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/here")


async def test_without_a_home_there_is_nothing_at_the_root() -> None:
    assert (await _ask("GET", "/"))[0] == 404
