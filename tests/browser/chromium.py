"""A real browser, driven over its debugging pipe: JSON commands on its descriptor 3, answers on its descriptor 4.

A pipe and not a port, so that nothing listens and no WebSocket is needed. Nothing here sleeps: a page is asked for a
promise, which the page itself keeps when what is waited for has happened.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import trio

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_START = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
_WAIT = """new Promise((done) => {
  const look = () => { const found = (() => (%s))(); if (found) { watch.disconnect(); done(found); } };
  const watch = new MutationObserver(look);
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
})"""


class Tab:
    """One page of the browser."""

    def __init__(self, source: trio.lowlevel.FdStream, sink: trio.lowlevel.FdStream) -> None:
        self._source = source
        self._sink = sink
        self._numbers = count(1)
        self._rest = b""
        self._session: str | None = None

    async def open(self, address: str) -> None:
        target = (await self._ask("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = str(attached["sessionId"])
        await self._ask("Page.navigate", url=address)

    async def until(self, script: str) -> object:
        """Wait until the expression is true in the page, looking whenever the document changes; give its value."""
        return await self.run(_WAIT % script)

    async def run(self, script: str) -> object:
        """The value of an expression in the page; promises are awaited."""
        told = await self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"])
        result = told["result"]
        assert isinstance(result, dict)
        return result.get("value")

    async def type(self, text: str) -> None:
        await self._ask("Input.insertText", text=text)

    async def press(self, key: str) -> None:
        code = {"Enter": 13, "Escape": 27, "ArrowDown": 40}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for what in ("keyDown", "keyUp"):
            event = {"type": what, "key": key, "code": key, "windowsVirtualKeyCode": code}
            await self._ask("Input.dispatchKeyEvent", **event, **(text if what == "keyDown" else {}))

    async def close(self) -> None:
        self._session = None
        await self._ask("Browser.close")

    async def _ask(self, method: str, **parameters: object) -> dict[str, object]:
        number = next(self._numbers)
        question: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if self._session:
            question["sessionId"] = self._session
        await self._sink.send_all(json.dumps(question).encode() + b"\0")
        while (told := await self._next()).get("id") != number:
            pass
        assert "error" not in told, told["error"]
        result = told["result"]
        assert isinstance(result, dict)
        return result

    async def _next(self) -> dict[str, object]:
        while b"\0" not in self._rest:
            more = await self._source.receive_some()
            if not more:
                raise EOFError("the browser is gone")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\0")
        told = json.loads(line)
        assert isinstance(told, dict)
        return told


@asynccontextmanager
async def browser(home: Path) -> AsyncIterator[Tab]:
    """A browser whose profile lies in ``home``; closed at the end."""
    assert CHROMIUM is not None
    its_in, our_out = os.pipe()
    our_in, its_out = os.pipe()
    command = [
        sys.executable,
        "-c",
        _START,
        str(its_in),
        str(its_out),
        CHROMIUM,
        *_ARGUMENTS,
        f"--user-data-dir={home}",
    ]
    async with trio.open_nursery() as nursery:
        process = await trio.lowlevel.open_process(
            command, pass_fds=(its_in, its_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(its_in)
        os.close(its_out)
        async with trio.lowlevel.FdStream(our_in) as source, trio.lowlevel.FdStream(our_out) as sink:
            try:
                tab = Tab(source, sink)
                yield tab
                await tab.close()
                await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    with trio.CancelScope(shield=True):
                        await process.wait()
        nursery.cancel_scope.cancel()
