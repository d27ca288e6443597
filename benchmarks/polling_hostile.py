"""What becomes of hostile feeds: `python -m benchmarks.polling_hostile` prints input, outcome, peak memory and time.

Each case is polled in a process of its own, with its parsing process, so that the memory is that of the case.
"""

import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.servers.local import LocalServer

DEADLINE = 5.0  # seconds for fetching; the product's own is 30


class Measured(msgspec.Struct, frozen=True):
    """One poll: `memory` is the peak of the polling and the parsing process in MiB, the larger of the two."""

    outcome: str
    reason: str
    seconds: float
    memory: float


def measure(name: str) -> Measured:
    """Polls one case in a fresh process."""
    from tests.servers.hostile import CASES  # not in the measured process: they are large

    with LocalServer(CASES[name].handler) as server:
        command = [sys.executable, "-m", "benchmarks.polling_hostile", server.url("/")]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return msgspec.json.decode(done.stdout, type=Measured)


def poll_once(url: str) -> Measured:
    """Polls an address in this process and measures it."""
    from producers.fetch import Request, Response
    from producers.http import FetchSettings, HttpFetcher
    from producers.poll import poll
    from producers.sandbox import Sandbox
    from producers.sources import Source
    from producers.state import SourceState

    class Hurried:
        def __init__(self, fetcher: HttpFetcher) -> None:
            self.fetcher = fetcher

        def fetch(self, request: Request) -> Response:
            return self.fetcher.fetch(msgspec.structs.replace(request, deadline=DEADLINE))

    source, state = Source(id="hostile", url=url), SourceState(source_id="hostile")
    with HttpFetcher(FetchSettings(allow_private=True)) as fetcher, Sandbox() as sandbox, Watch() as watch:
        started = time.monotonic()
        result = poll(source, state, Hurried(fetcher), datetime.now(UTC), parser=sandbox)
        seconds = time.monotonic() - started
    reason = result.state.health.error_text or f"{len(result.items)} items, {len(result.rejected)} rejected"
    return Measured(outcome=result.outcome, reason=reason, seconds=round(seconds, 2), memory=round(watch.peak, 1))


class Watch:
    """Samples the resident memory of this process and its children every ten milliseconds."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            self._look()

    def _look(self) -> None:
        own = Path("/proc/self/task")
        children = [pid for task in own.iterdir() for pid in (task / "children").read_text().split()]
        self.peak = max(self.peak, *(_peak(pid) for pid in ("self", *children)))


def _peak(pid: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    # the mark survives a fork, so that a child counts only once it runs its own program
    if any(line.startswith("Name:") and "python" not in line for line in lines):
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0.0)


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(msgspec.to_builtins(poll_once(sys.argv[1]))))
        return
    from tests.servers.hostile import CASES, prepare

    prepare()
    print("| input | outcome | reason | MiB | s |\n| --- | --- | --- | --- | --- |")
    for name, case in CASES.items():
        found = measure(name)
        mark = "" if found.outcome in case.outcomes else " (!)"
        print(
            f"| {name} | {found.outcome}{mark} | {found.reason[:70]} | {found.memory} | {found.seconds} |", flush=True
        )


if __name__ == "__main__":
    main()
