"""What becomes of hostile feeds: `python -m benchmarks.polling_hostile` prints input, outcome, peak memory and time.

Each case is polled in a process of its own, with its parsing process, so that the memory is that of the case.
"""

import argparse
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.servers.local import Handler, LocalServer

DEADLINE = 5.0  # seconds for fetching; the product's own is 30


class Measured(msgspec.Struct, frozen=True):
    """One poll: `memory` is the peak of the polling and the parsing process in MiB, the larger of the two."""

    outcome: str
    reason: str
    seconds: float
    memory: float


class Measurer:
    """A process that polls addresses and measures itself; with a new one for each case, memory is that of the case."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        command = [sys.executable, "-m", "benchmarks.polling_hostile", "--deadline", str(deadline)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> "Measurer":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def measure(self, handler: Handler) -> Measured:
        """Polls a server with this handler once."""
        assert self._process.stdin and self._process.stdout
        with LocalServer(handler) as server:
            self._process.stdin.write(server.url("/").encode() + b"\n")
            self._process.stdin.flush()
            return msgspec.json.decode(self._process.stdout.readline(), type=Measured)


def poll_addresses(deadline: float) -> None:
    """Polls each address on standard input and writes what was measured, one line each."""
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
            return self.fetcher.fetch(msgspec.structs.replace(request, deadline=deadline))

    with HttpFetcher(FetchSettings(allow_private=True)) as fetcher, Sandbox() as sandbox, Watch() as watch:
        for url in map(str.strip, sys.stdin):
            source, started = Source(id="hostile", url=url), time.monotonic()
            state, now = SourceState(source_id="hostile"), datetime.now(UTC)
            result = poll(source, state, Hurried(fetcher), now, parser=sandbox)
            seconds = round(time.monotonic() - started, 2)
            watch.look()
            reason = result.state.health.error_text or f"{len(result.items)} items, {len(result.rejected)} rejected"
            found = Measured(outcome=result.outcome, reason=reason, seconds=seconds, memory=round(watch.peak, 1))
            print(msgspec.json.encode(found).decode(), flush=True)


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
        self.look()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            self.look()

    def look(self) -> None:
        children = [pid for task in Path("/proc/self/task").iterdir() for pid in _children(task)]
        self.peak = max(self.peak, *(_peak(pid) for pid in ("self", *children)))


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:  # the thread has ended
        return []


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deadline", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.deadline:
        return poll_addresses(options.deadline)
    from tests.servers.hostile import CASES, prepare  # not in the measured process: they are large

    prepare()
    print("| input | outcome | reason | MiB | s |\n| --- | --- | --- | --- | --- |")
    for name, case in CASES.items():
        with Measurer() as measurer:
            found = measurer.measure(case.handler)
        mark = "" if found.outcome in case.outcomes else " (!)"
        cells = (name, found.outcome + mark, found.reason[:70], found.memory, found.seconds)
        print(f"| {' | '.join(map(str, cells))} |", flush=True)
    return None


if __name__ == "__main__":
    main()
