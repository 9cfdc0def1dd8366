"""The ``vimbiso`` command as operators use it beside a server's store, with no settings of this machine."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from actors import cli
from actors.settings import Settings


def forget_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in this folder, without any setting from the environment or a ``.env``."""
    monkeypatch.chdir(folder)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def vimbiso(store: Path, *words: str, **values: str) -> Result:
    """Run the command on the SQLite file of a server."""
    return CliRunner().invoke(cli.main, words, env={"STORE_URL": f"sqlite:///{store}", **values})
