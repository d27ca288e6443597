"""A real Chromium without a window, spoken to over a pipe (Chrome DevTools Protocol): no driver, no port."""

import fcntl
import json
import os
import shutil
import subprocess
import threading
import time
from base64 import b64decode
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 30.0


def program() -> str | None:
    """A Chromium of this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _high(number: int) -> int:
    """The same file under a number that is out of the way of 3 and 4, where the browser looks for its pipes."""
    higher = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(number)
    return higher


class Browser:
    """One page. `problems` are what it complained of: errors of scripts, what the content policy refused."""

    def __init__(self, folder: Path, size: str = "1280,1000") -> None:
        found = program()
        assert found
        give, self._in = map(_high, os.pipe())
        self._out, take = map(_high, os.pipe())
        self.problems: list[str] = []
        self.asked: list[str] = []  # addresses that were requested
        self._answers: Queue[dict[str, Any]] = Queue()
        self._count, self._rest = 0, b""
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$0" "$@" 3<&{give} 4>&{take}', found, *self._flags(folder, size)],
            pass_fds=(give, take), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(give)
        os.close(take)
        threading.Thread(target=self._listen, daemon=True).start()
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    @staticmethod
    def _flags(folder: Path, size: str) -> list[str]:
        own = [f"--user-data-dir={folder}", f"--window-size={size}", "--remote-debugging-pipe", "--headless=new"]
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions"]
        # nothing but this machine is reached, whatever the browser would like to ask its maker
        closed = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking"]
        return [*own, *quiet, *closed, "about:blank"]

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol, answered."""
        self._count += 1
        said = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            said["sessionId"] = self._session
        os.write(self._in, json.dumps(said).encode() + b"\0")
        limit = time.monotonic() + SECONDS
        while time.monotonic() < limit:
            try:
                answer = self._answers.get(timeout=1)
            except Empty:
                continue
            if answer["id"] == self._count:
                assert "error" not in answer, answer
                return dict(answer["result"])
        raise AssertionError(f"{method}: no answer")

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)

    def forget(self) -> None:
        """An empty page, and nothing asked or complained of."""
        self.open("about:blank")
        self.asked.clear()
        self.problems.clear()

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        made = self.call("Runtime.evaluate", expression=f"({script})", returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in made, made["exceptionDetails"]
        return made["result"].get("value")

    def until(self, script: str, seconds: float = SECONDS) -> Any:
        """Waits until an expression is true in the page; its value."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with suppress(AssertionError):  # what it asks for is not there yet
                if value := self.run(script):
                    return value
            time.sleep(0.1)
        raise AssertionError(
            f"{script} is not true; page: {self.run('document.body.innerText')[:1000]}; {self.problems}"
        )

    def picture(self, file: Path) -> None:
        file.write_bytes(b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self) -> None:
        os.close(self._in)  # the browser ends with its pipe
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _listen(self) -> None:
        while data := os.read(self._out, 1 << 16):
            *whole, self._rest = (self._rest + data).split(b"\0")
            for each in whole:
                self._took(json.loads(each))

    def _took(self, said: dict[str, Any]) -> None:
        if "id" in said:
            self._answers.put(said)
        elif said["method"] == "Network.requestWillBeSent":
            self.asked.append(said["params"]["request"]["url"])
        elif said["method"] == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(said["params"]["exceptionDetails"])[:500])
        elif said["method"] == "Log.entryAdded" and said["params"]["entry"]["level"] == "error":
            self.problems.append(said["params"]["entry"]["text"])
        elif said["method"] == "Page.javascriptDialogOpening":
            self.problems.append("a dialog opened")
