"""The Quart application: everything but the hot path, with answers in JSON and no traceback outside."""

from collections.abc import Iterable

from quart import Blueprint, redirect
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException


def quart_app(blueprints: Iterable[Blueprint], *, home: str | None = None) -> QuartTrio:
    """Put the blueprints together; ``/`` leads to ``home``."""
    app = QuartTrio("vimbiso", static_folder=None)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)

    if home is not None:
        app.add_url_rule("/", "home", lambda: redirect(home))

    @app.errorhandler(HTTPException)
    async def refused(error: HTTPException) -> tuple[dict[str, str], int, dict[str, str]]:
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return {"error": error.name}, error.code or 500, headers

    return app
