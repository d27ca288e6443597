"""What polling costs: `python -m benchmarks.polling [--sources 1000] [--interval 60] [--minutes 2] [--workers 24]`.

Sources on a local server in a process of its own, each under its own host name: a tenth answers after five seconds,
a twentieth is broken, three tenths have not changed (304), the rest has one new entry each time. Prints polls a second,
CPU a poll (polling and parsing processes), memory, and lateness: how long after its due time a poll began.
"""

import argparse
import hashlib
import resource
import statistics
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from producers.http import FetchSettings, HttpFetcher
from producers.kinds import polling
from producers.poll import PollResult
from producers.poller import Poller, utc_now
from producers.sandbox import Sandbox
from producers.sources import Source
from producers.state import SourceState
from tests.servers.feeds import Post, rss
from tests.servers.internet import always
from tests.servers.local import Exchange, LocalServer

ENTRIES = 20
SLOW_SECONDS = 5.0


def kind_of(number: int) -> str:
    """slow, broken, unchanged or lively, in the shares of the benchmark."""
    place = number % 20
    return "slow" if place < 2 else "broken" if place < 3 else "unchanged" if place < 9 else "lively"


class Site:
    """All feeds; a lively one has a new entry each time it is asked."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def serve(self, exchange: Exchange) -> None:
        name = exchange.path.strip("/")
        kind = kind_of(int(name))
        self._asked[name] = asked = self._asked.get(name, 0) + 1
        if kind == "slow":
            time.sleep(SLOW_SECONDS)
        if kind == "broken":
            exchange.respond(*((500, b"") if asked % 2 else (200, b"<html>no feed</html>")))
            return
        first = asked if kind == "lively" else 0
        body = rss(
            Post(guid=f"{name}-{n}", text=f"Report {n} from the town. " * 20) for n in range(first, first + ENTRIES)
        )
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if exchange.headers.get("if-none-match") == tag:
            exchange.respond(304, headers={"ETag": tag})
        else:
            exchange.respond(200, body, {"ETag": tag})


def serve() -> None:
    """Serves until standard input ends; says its port first."""
    with LocalServer(Site().serve) as server:
        print(server.port, flush=True)
        sys.stdin.read()


class Timed:
    """Notes how late each poll begins."""

    def __init__(self, poll: object) -> None:
        self._poll, self.late, self._lock = poll, dict[str, list[float]](), threading.Lock()

    def __call__(self, source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        if state.next_poll:
            with self._lock:
                self.late.setdefault(kind_of(int(source.id)), []).append((now - state.next_poll).total_seconds())
        return self._poll(source, state, now, jitter)  # type: ignore[operator, no-any-return]


def cpu() -> float:
    """CPU seconds of this process and its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def memory() -> float:
    """Peak resident MiB of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def run(port: int, options: argparse.Namespace) -> None:
    interval, random = timedelta(seconds=options.interval), Random(1)
    sources = [
        Source(id=str(n), url=f"http://s{n}.example:{port}/{n}", interval=interval) for n in range(options.sources)
    ]
    begin = utc_now()
    states = {
        source.id: SourceState(source_id=source.id, next_poll=begin + interval * random.random()) for source in sources
    }
    outcomes: dict[str, int] = {}
    items, polls = 0, 0
    fetching = FetchSettings(allow_private=True)
    before = cpu()
    with HttpFetcher(fetching, resolver=always("127.0.0.1")) as fetcher, Sandbox() as sandbox:
        timed = Timed(polling(fetcher, sandbox))
        poller = Poller(sources, states, timed, workers=options.workers, random=random).start()
        while (utc_now() - begin).total_seconds() < options.minutes * 60:
            if result := poller.take(0.5):
                polls += 1
                items += len(result.items)
                outcomes[result.outcome] = outcomes.get(result.outcome, 0) + 1
                poller.acknowledge(result)
        seconds = (utc_now() - begin).total_seconds()
        poller.stop()
    report(timed, polls, items, seconds, cpu() - before, outcomes, options)


def report(
    timed: Timed,
    polls: int,
    items: int,
    seconds: float,
    used: float,
    outcomes: dict[str, int],
    options: argparse.Namespace,
) -> None:
    print(f"{options.sources} sources, interval {options.interval} s, {options.workers} workers, {seconds:.0f} s")
    print(f"{polls} polls, {polls / seconds:.1f} a second, {items} items; {dict(sorted(outcomes.items()))}")
    print(f"CPU {1000 * used / max(polls, 1):.1f} ms a poll with parsing; peak memory {memory():.0f} MiB")
    for kind, late in sorted({**timed.late, "all": sum(timed.late.values(), [])}.items()):
        p99 = statistics.quantiles(late, n=100)[98] if len(late) > 1 else 0.0
        share = 100 * p99 / options.interval
        print(
            f"lateness {kind:>9}: median {statistics.median(late):.2f} s, p99 {p99:.2f} s = {share:.1f} % of interval"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--interval", type=int, default=60, help="seconds")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--workers", type=int, default=24)
    options = parser.parse_args()
    if options.serve:
        return serve()
    command = [sys.executable, "-m", "benchmarks.polling", "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout
        run(int(server.stdout.readline()), options)
        server.kill()
    return None


if __name__ == "__main__":
    main()
