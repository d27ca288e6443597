"""The faults. Each strikes a running arena, `short` or long, and returns how often it struck."""

import signal
import subprocess
import time
from collections.abc import Callable

from benchmarks.chaos.arena import SESSION_SECONDS, Arena

Fault = Callable[[Arena, bool], int]
RELAY_SESSION = 60.0  # seconds after which the database gives up a silent relay: `kafka_worker.IDLE_SESSION`
LEAD = 20.0  # seconds that a stream runs undisturbed


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


def broker_away(arena: Arena, short: bool) -> int:
    """The only broker is killed and stays away."""
    time.sleep(LEAD)
    arena.broker.kill()
    time.sleep(10 if short else 60)
    arena.broker.start()
    return 1


def postgres_away(arena: Arena, short: bool) -> int:
    """PostgreSQL crashes and stays away."""
    time.sleep(LEAD)
    arena.postgres.stop(signal.SIGQUIT)
    time.sleep(10 if short else 60)
    arena.postgres.start()
    return 1


def both_away(arena: Arena, short: bool) -> int:
    """Both at once."""
    time.sleep(LEAD)
    arena.postgres.stop(signal.SIGQUIT)
    arena.broker.kill()
    time.sleep(10 if short else 60)
    arena.broker.start()
    arena.postgres.start()
    return 2


def freeze(arena: Arena, _short: bool) -> int:
    """A resolver, then an extractor, stands still past its session and the database's limits, then goes on as a zombie."""
    time.sleep(LEAD)
    for stage in ("resolve", "extract"):
        arena.freeze(stage, 4 * SESSION_SECONDS)
    return 2


def freeze_relay(arena: Arena, _short: bool) -> int:
    """The relay stands still until a second one has taken over, then goes on beside it."""
    time.sleep(LEAD)
    with arena.lock:
        arena.workers.start("relay")
    arena.freeze("relay", RELAY_SESSION + 15)
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
    arena.freeze("resolve", 2 * SESSION_SECONDS + 5)
    arena.broker.kill()
    time.sleep(8)
    arena.broker.start()
    arena.postgres.stop(signal.SIGQUIT)
    time.sleep(8)
    arena.postgres.start()
    return blows + 3


EACH = (
    none, kill, term, broker_away, postgres_away, both_away, freeze, freeze_relay, rebalance, disk_full, poison
)  # fmt: skip
FAULTS: dict[str, Fault] = {fault.__name__: fault for fault in (*EACH, medley)}
POISONED = ("poison", "medley")
