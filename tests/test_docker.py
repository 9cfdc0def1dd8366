"""The image and the compose files: linted, held to the specification, and tried as far as one can here."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import requires
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from packaging.requirements import Requirement
from redis import Redis

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "docker" / "Dockerfile"
COMPOSE_FILES = sorted((ROOT / "docker").glob("compose*.yaml"))


def instructions() -> list[str]:
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def hadolint(dockerfile: str) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("hadolint")
    return subprocess.run(  # noqa: S603 - our own linter on our own file
        [linter, "--no-color", "--failure-threshold", "style", "-"],
        input=dockerfile,
        capture_output=True,
        text=True,
        check=False,
    )


def interpolated(compose: str) -> str:
    """As compose reads it in an empty environment: each ``${NAME:-default}`` is its default."""
    inner = re.compile(r"\$\{\w+:-([^${}]*)\}")
    while inner.search(compose):
        compose = inner.sub(r"\1", compose)
    return compose


def service(file: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(interpolated((ROOT / "docker" / file).read_text()))["services"][name]
    return found


def test_hadolint_finds_nothing_to_say_about_the_dockerfile() -> None:
    done = hadolint(DOCKERFILE.read_text())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_hadolint_does_find_faults() -> None:
    done = hadolint(DOCKERFILE.read_text().replace("WORKDIR /data", "WORKDIR data"))
    assert done.returncode != 0
    assert "DL3000" in done.stdout


def test_the_base_image_can_be_another_and_no_syntax_image_is_fetched() -> None:
    assert "# syntax" not in DOCKERFILE.read_text()
    stages = [line for line in instructions() if line.startswith("FROM")]
    assert instructions()[0].startswith("ARG BASE_IMAGE=")
    assert [stage.split()[1] for stage in stages] == ["${BASE_IMAGE}", "${BASE_IMAGE}"]


def test_everything_installed_in_the_image_is_locked_with_hashes() -> None:
    installs = re.findall(r"pip install ([^&|]*)", " ".join(instructions()))
    assert len(installs) == 3
    assert all("--require-hashes" in install or "--no-deps /dist/" in install for install in installs)


def test_what_builds_the_wheel_is_cut_out_of_the_development_lock_as_a_whole() -> None:
    """The list in the Dockerfile is hatchling and all it needs, to the last."""
    (names,) = re.findall(r"\^\(([\w|-]+)\)==", DOCKERFILE.read_text())
    needed = {"hatchling"}
    for _ in range(5):
        needed |= {
            Requirement(line).name
            for name in needed
            for line in requires(name) or ()
            if (marker := Requirement(line).marker) is None or marker.evaluate({"extra": ""})
        }
    assert set(names.split("|")) == needed
    lock = (ROOT / "requirements-dev.lock").read_text()
    assert all(f"\n{name}==" in lock for name in needed)


def test_the_image_runs_as_nobody_and_stops_when_asked() -> None:
    assert "USER 10001:10001" in instructions()
    assert "STOPSIGNAL SIGTERM" in instructions()
    assert instructions()[-1] == 'CMD ["vimbiso", "serve"]'


def test_what_the_image_copies_is_let_through_to_the_build_and_secrets_are_not() -> None:
    copied = {
        name
        for line in instructions()
        if line.startswith("COPY") and "--from" not in line
        for name in line.split()[1:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied
    assert "*" in ignored
    assert "**/.env*" in ignored


class _Health(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/health/" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name for it
        """Say nothing."""


@contextmanager
def answering(status: int) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), type("Health", (_Health,), {"status": status})) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def healthcheck(port: int) -> int:
    (check,) = (line for line in instructions() if line.startswith("HEALTHCHECK"))
    python, *arguments = json.loads(check[check.index("[") :])
    assert python == "python"
    environment = {"PORT": str(port), "http_proxy": "http://127.0.0.1:9"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode  # noqa: S603 - our own line


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (404, 1)])
def test_the_image_is_healthy_only_while_health_answers_200(status: int, code: int) -> None:
    with answering(status) as port:
        assert healthcheck(port) == code


def test_the_image_is_not_healthy_when_nothing_listens() -> None:
    with answering(200) as port:
        pass
    assert healthcheck(port) == 1


@pytest.mark.parametrize("file", COMPOSE_FILES, ids=lambda file: file.name)
def test_a_compose_file_follows_the_compose_specification(file: Path) -> None:
    compose = interpolated(file.read_text())
    assert PyCompose.from_yaml(compose).services
    for right, wrong in [("ports:", "prots:"), ('PORT: "8000"', "PORT: [8000]"), ("127.0.0.1:", "127.0.0:")]:
        with pytest.raises(ValueError, match="services"):
            PyCompose.from_yaml(compose.replace(right, wrong))


@pytest.mark.parametrize("file", COMPOSE_FILES, ids=lambda file: file.name)
def test_every_volume_and_file_a_compose_file_names_is_there(file: Path) -> None:
    compose = yaml.safe_load(interpolated(file.read_text()))
    for each in compose["services"].values():
        for source in (volume.split(":")[0] for volume in each.get("volumes", ())):
            assert (file.parent / source).exists() if source.startswith(".") else source in compose["volumes"]
        if "build" in each:
            assert (file.parent / each["build"]["context"] / each["build"]["dockerfile"]).resolve() == DOCKERFILE


@pytest.mark.parametrize("file", COMPOSE_FILES, ids=lambda file: file.name)
def test_the_app_is_published_on_loopback_only(file: Path) -> None:
    assert service(file.name, "app")["ports"] == ["127.0.0.1:8000:8000"]


def test_in_production_the_app_waits_for_a_healthy_redis_that_nobody_else_reaches() -> None:
    app, redis = service("compose.yaml", "app"), service("compose.yaml", "redis")
    assert app["depends_on"] == {"redis": {"condition": "service_healthy"}}
    assert "command" not in app
    assert "healthcheck" in redis
    assert "ports" not in redis


def test_in_production_the_store_is_that_redis_unless_env_says_otherwise() -> None:
    """The image alone keeps its store on its volume; compose names the Redis beside it."""
    app = service("compose.yaml", "app")
    assert "STORE_URL=sqlite:////data/vimbiso.db" in " ".join(instructions())
    assert "app-data:/data" in app["volumes"]
    assert app["env_file"] == "../.env"
    assert set(app["environment"]) == {"HOST", "PORT", "STORE_URL"}
    assert app["environment"]["STORE_URL"] == "redis://redis:6379/0"
    assert "STORE_URL: ${STORE_URL:-${REDIS_URL:-" in (ROOT / "docker" / "compose.yaml").read_text()


def test_in_development_everything_is_embedded() -> None:
    assert service("compose.dev.yaml", "app")["command"] == ["vimbiso", "dev"]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A real server with our configuration, on a socket of its own."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed; `make test` gets it where it can")
    arguments = ["--port", "0", "--unixsocket", "r.sock"]
    with subprocess.Popen(  # noqa: S603 - the real one
        [server, ROOT / "docker" / "redis.conf", *arguments], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert any("accept connections" in line for line in process.stdout), "it ended before it was ready"
        with Redis(unix_socket_path=short(tmp_path / "r.sock"), decode_responses=True) as client:
            yield client
        process.terminate()


def short(path: Path) -> str:
    """A socket's path may have about 100 characters, and a test's folder may have more."""
    return min(str(path), os.path.relpath(path), key=len)


def test_redis_takes_our_configuration_keeps_every_write_and_forgets_nothing(redis: Redis) -> None:
    wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "save": ""}
    assert {name: redis.config_get(name)[name] for name in wanted} == wanted
