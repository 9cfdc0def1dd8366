"""The import rules hold, and each of them is seen to fail: a rule that cannot break protects nothing."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("actors", "channels", "credex", "runtime")
MODULES = sorted(path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LINES_AT_MOST = 400

LAYERS = "The application stands on three libraries that do not know each other"
SQLITE = "sqlite3 is spoken in the SQLite store alone"
REDIS = "redis is spoken in the Redis store alone"
HTTPX = "httpx is known to the clients and the transport alone"
WEB = "Web frameworks are known to the web and the simulator's HTTP face alone"
TENACITY = "tenacity is known to the retry policies alone"
PURE = "Pure modules touch no world and know no clock"

PLANTS = [
    (LAYERS, "channels/planted.py", "import credex.money"),
    (LAYERS, "channels/planted.py", "import runtime.turn"),
    (LAYERS, "credex/planted.py", "import channels.message"),
    (LAYERS, "credex/planted.py", "import runtime.turn"),
    (LAYERS, "runtime/planted.py", "import credex.money"),
    (LAYERS, "runtime/planted.py", "import channels.message"),
    *((LAYERS, f"{library}/planted.py", "import actors.dialogs") for library in ("channels", "credex", "runtime")),
    *((SQLITE, f"{package}/planted.py", "import sqlite3") for package in PACKAGES),
    *((REDIS, f"{package}/planted.py", "from redis import Redis") for package in PACKAGES),
    *((HTTPX, f"{package}/planted.py", "import httpx") for package in PACKAGES),
    (HTTPX, "channels/whatsapp/planted.py", "import httpx"),
    (HTTPX, "channels/sms/twilio/planted.py", "import httpx"),
    (HTTPX, "credex/simulator/client.py", "import httpx"),
    *((WEB, f"{package}/planted.py", "import quart") for package in PACKAGES),
    (WEB, "actors/planted.py", "from quart_trio import QuartTrio"),
    (WEB, "actors/planted.py", "from hypercorn.trio import serve"),
    (WEB, "credex/simulator/planted.py", "import hypercorn"),
    *((TENACITY, f"{package}/planted.py", "import tenacity") for package in PACKAGES),
    (PURE, "actors/dialogs/planted.py", "import time"),
    (PURE, "actors/dialogs/planted.py", "import runtime.clock"),
    (PURE, "actors/audit.py", "import runtime.clock"),
    (PURE, "actors/bookkeeping.py", "import time"),
    (PURE, "actors/payments.py", "import trio"),
    (PURE, "actors/notices.py", "import time"),
    (PURE, "actors/notifications.py", "import runtime.clock"),
    (PURE, "credex/pace.py", "import trio"),
    (PURE, "runtime/breaker.py", "import time"),
    (PURE, "runtime/budget.py", "import trio"),
    (PURE, "runtime/intensity.py", "import time"),
    (PURE, "actors/settlement.py", "import httpx"),
    (PURE, "channels/message.py", "import socket"),
    (PURE, "channels/plain.py", "import random"),
    (PURE, "channels/refusal.py", "import httpx"),
    (PURE, "channels/sms/menu.py", "import time"),
    (PURE, "channels/sms/plain_alphabet.py", "import os"),
    (PURE, "channels/sms/reserved.py", "import os"),
    (PURE, "channels/sms/wording.py", "import random"),
    (PURE, "channels/sms/provider.py", "import trio"),
    (PURE, "channels/sms/segments.py", "import random"),
    (PURE, "channels/sms/twilio/errors.py", "import time"),
    (PURE, "channels/sms/twilio/signature.py", "import secrets"),
    (PURE, "channels/sms/twilio/wire.py", "import httpx"),
    (PURE, "channels/sms/africastalking/errors.py", "import trio"),
    (PURE, "channels/sms/africastalking/wire.py", "import httpx"),
    (PURE, "channels/sms/fields.py", "import os"),
    (PURE, "channels/sms/kannel/errors.py", "import trio"),
    (PURE, "channels/sms/kannel/wire.py", "import httpx"),
    (PURE, "channels/whatsapp/render.py", "import uuid"),
    (PURE, "channels/whatsapp/signature.py", "import os"),
    (PURE, "channels/whatsapp/wire.py", "import structlog"),
    (PURE, "credex/answers.py", "import logging"),
    (PURE, "credex/commands.py", "import threading"),
    (PURE, "credex/dashboards.py", "import asyncio"),
    (PURE, "credex/ledgers.py", "import logging"),
    (PURE, "credex/model.py", "import secrets"),
    (PURE, "credex/money.py", "import time"),
    (PURE, "credex/outcomes.py", "import ssl"),
    (PURE, "credex/wire.py", "import trio"),
    (PURE, "runtime/envelope.py", "import trio"),
    (PURE, "runtime/store.py", "import threading"),
    (PURE, "runtime/turn.py", "import random"),
]

ALLOWED = [
    ("runtime/sqlite_store.py", "import sqlite3"),
    ("runtime/redis_store.py", "import redis"),
    ("credex/client.py", "import httpx"),
    ("channels/whatsapp/client.py", "import httpx"),
    ("actors/transport/planted.py", "import httpx"),
    ("actors/web/planted.py", "import quart, quart_trio, hypercorn"),
    ("actors/application.py", "import quart, quart_trio, hypercorn"),
    ("credex/simulator/http.py", "import quart, quart_trio, hypercorn"),
    ("runtime/retry.py", "import tenacity"),
]


def verdicts(folder: Path) -> dict[str, str]:
    """What import-linter says of the packages there: each contract's name with ``KEPT`` or ``BROKEN``."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(  # noqa: S603 - our own linter on our own files
        [linter, "--no-logo", "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {
        name: verdict
        for line in done.stdout.splitlines()
        for name, space, verdict in [line.partition(" (")[0].rpartition(" ")]
        if verdict in {"KEPT", "BROKEN"} and space
    }
    assert done.returncode == int("BROKEN" in found.values()), done.stdout + done.stderr
    return found


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copied")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def with_planted(folder: Path, plants: list[tuple[str, str]]) -> dict[str, str]:
    before = {folder / file: (folder / file).read_bytes() if (folder / file).exists() else None for file, _ in plants}
    try:
        for file, line in plants:
            with (folder / file).open("a") as module:
                module.write(f"\n{line}\n")
        return verdicts(folder)
    finally:
        for path, content in before.items():
            path.unlink() if content is None else path.write_bytes(content)


def test_every_contract_is_kept() -> None:
    assert set(verdicts(ROOT).values()) == {"KEPT"}


def test_every_contract_has_an_offence_planted_below() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == {contract for contract, _, _ in PLANTS}


def test_every_pure_module_has_an_offence_planted_below_and_no_other_has() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (pure,) = (contract["source_modules"] for contract in contracts if contract["name"] == PURE)
    planted = {file for contract, file, _ in PLANTS if contract == PURE}
    assert {file.removesuffix(".py").removesuffix("/planted").replace("/", ".") for file in planted} == set(pure)


@pytest.mark.parametrize(("contract", "file", "line"), PLANTS, ids=[f"{file}-{line}" for _, file, line in PLANTS])
def test_an_offending_import_breaks_its_contract(copied: Path, contract: str, file: str, line: str) -> None:
    assert with_planted(copied, [(file, line)])[contract] == "BROKEN"


def test_the_places_that_may_import_an_outsider_break_nothing(copied: Path) -> None:
    assert set(with_planted(copied, ALLOWED).values()) == {"KEPT"}


@pytest.mark.parametrize("package", sorted(path for path in MODULES if path.name == "__init__.py"), ids=str)
def test_a_package_file_holds_a_docstring_and_nothing_else(package: Path) -> None:
    (docstring,) = ast.parse((ROOT / package).read_text()).body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(docstring.value, ast.Constant)
    assert isinstance(docstring.value.value, str)


def test_no_module_is_too_long_to_be_read_in_one_go() -> None:
    """A table of sentences is looked up, not read: ``texts.py`` may be as long as there are things to say."""
    code = [path for path in MODULES if path.as_posix() != "actors/dialogs/texts.py"]
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in code}
    assert {path: length for path, length in lengths.items() if length > LINES_AT_MOST} == {}


def test_every_module_says_what_it_is() -> None:
    assert [path for path in MODULES if not ast.get_docstring(ast.parse((ROOT / path).read_text()))] == []
