"""The faults. Each strikes a running arena, `short` or long, and returns how often it struck."""

import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any, Protocol

from benchmarks.chaos.arena import SESSION_SECONDS, Arena
from tests.kafka.harness import wait_for

Fault = Callable[[Arena, bool], int]
RELAY_SESSION = 60.0  # seconds after which the database gives up a silent relay: `kafka_worker.IDLE_SESSION`
LEAD = 10.0  # seconds that a stream runs undisturbed


def none(_arena: Arena, _short: bool) -> int:
    """Nothing strikes."""
    return 0


def kill(arena: Arena, short: bool) -> int:
    """SIGKILL of a process at random."""
    time.sleep(LEAD)
    return _strikes(arena, signal.SIGKILL, 8 if short else 50)


def term(arena: Arena, short: bool) -> int:
    """SIGTERM of a process at random."""
    time.sleep(LEAD)
    return _strikes(arena, signal.SIGTERM, 4 if short else 12)


def _strikes(arena: Arena, signum: int, blows: int) -> int:
    for _ in range(blows):
        time.sleep(arena.chance.uniform(1.5, 5))
        arena.strike(signum)
    return blows


class Server(Protocol):
    """The broker or PostgreSQL."""

    def kill(self) -> None: ...
    def start(self) -> Any: ...


def broker_away(arena: Arena, short: bool) -> int:
    """The only broker is killed and stays away."""
    time.sleep(LEAD)
    return _away(10 if short else 60, arena.broker)


def postgres_away(arena: Arena, short: bool) -> int:
    """PostgreSQL crashes and stays away."""
    time.sleep(LEAD)
    return _away(10 if short else 60, arena.postgres)


def both_away(arena: Arena, short: bool) -> int:
    """Both at once."""
    time.sleep(LEAD)
    return _away(10 if short else 60, arena.postgres, arena.broker)


def _away(seconds: float, *servers: Server) -> int:
    for each in servers:
        each.kill()
    time.sleep(seconds)
    for each in servers:
        each.start()
    return len(servers)


def freeze(arena: Arena, _short: bool) -> int:
    """A resolver, then an extractor, stands still past its session and the database's limits, then goes on as a zombie."""
    time.sleep(LEAD)
    for stage in ("resolve", "extract"):
        with arena.frozen(stage):
            time.sleep(4 * SESSION_SECONDS)
    return 2


def freeze_relay(arena: Arena, _short: bool) -> int:
    """The relay stands still until a second one has taken over and published, then goes on beside it."""
    time.sleep(LEAD)
    with arena.lock:
        arena.workers.start("relay")
    with arena.frozen("relay"):
        first, before = arena.relaying()
        wait_for(lambda: arena.relaying()[0] not in (first, 0), RELAY_SESSION + 30)
        time.sleep(10)
        second, after = arena.relaying()
    arena.taken_over = after - before if second != first else 0
    time.sleep(5)
    return 1


def rebalance(arena: Arena, short: bool) -> int:
    """A third worker of each stage comes and goes."""
    time.sleep(LEAD)
    rounds = 2 if short else 5
    for _ in range(rounds):
        with arena.lock:
            arena.workers.start("extract", "resolve")
            guests = arena.workers.running[-2:]
        time.sleep(8)
        with arena.lock:
            for guest in guests:
                if guest in arena.workers.running:
                    arena.workers.kill(arena.workers.running.index(guest), signal.SIGTERM)
        time.sleep(4)
    return rounds


def disk_full(arena: Arena, short: bool) -> int:
    """The state's volume fills up and is cleared again."""
    time.sleep(LEAD)
    filler = arena.postgres.folder / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=1M"], capture_output=True, check=False)
    time.sleep(10 if short else 40)
    filler.unlink()
    if arena.postgres.process and arena.postgres.process.poll() is not None:
        arena.postgres.start()
    return 1


def poison(_arena: Arena, _short: bool) -> int:
    """One item in a hundred raises in the reader."""
    return 0


def medley(arena: Arena, _short: bool) -> int:
    """In one stream with poison: SIGKILL, SIGTERM, a frozen resolver, the broker and PostgreSQL away for 8 s each."""
    time.sleep(LEAD)
    blows = _strikes(arena, signal.SIGKILL, 4) + _strikes(arena, signal.SIGTERM, 2)
    with arena.frozen("resolve"):
        time.sleep(2 * SESSION_SECONDS + 5)
    return blows + 1 + _away(8, arena.broker) + _away(8, arena.postgres)


EACH = (
    none, kill, term, broker_away, postgres_away, both_away, freeze, freeze_relay, rebalance, disk_full, poison
)  # fmt: skip
FAULTS: dict[str, Fault] = {fault.__name__: fault for fault in (*EACH, medley)}
POISONED = ("poison", "medley")
