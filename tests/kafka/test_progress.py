"""The watchdog: when it ends a process, when it must not, and when the health check's file is touched."""

import logging
from pathlib import Path

from processors.errors import UnavailableError
from streams.faust_app import _Seldom
from streams.kafka_lag import Lag
from streams.kafka_progress import STUCK_EXIT, Progress, Watchdog


class Scene:
    """A watchdog on a clock and a lag that the test sets."""

    def __init__(self, folder: Path) -> None:
        self.progress, self.ended, self.alive = Progress("extract"), list[int](), folder / "alive"
        self.answer: Lag | None = None
        self.start = self.progress.beat
        self.dog = Watchdog(self.progress, self._lag, 100, self.alive, self.ended.append)

    def look(self, after: float, waiting: int | None, committed: int = 0, beats: bool = True) -> bool:
        """One look so many seconds after the start; whether the file was touched."""
        self.alive.unlink(missing_ok=True)
        if beats:
            self.progress.beat = self.start + after
        self.answer = None if waiting is None else Lag(topic="t", records={("t", 0): waiting}, committed=(committed,))
        self.dog.look(self.start + after)
        return self.alive.exists()

    def _lag(self) -> Lag:
        if self.answer is None:
            raise UnavailableError("away")
        return self.answer


def test_records_wait_and_nothing_is_committed(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert scene.look(0, 5) and scene.look(90, 5) and scene.ended == []
    scene.look(101, 5)
    assert scene.ended == [STUCK_EXIT]


def test_commits_move(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert all(scene.look(60 * n, 5, committed=n) for n in range(10)) and scene.ended == []


def test_nothing_waits(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert scene.look(0, 0) and scene.look(1000, 0) and scene.ended == []


def test_a_stage_that_holds_is_not_stuck_and_not_well(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.progress.hold("database")
    assert not scene.look(0, 5) and not scene.look(500, 5) and scene.ended == []
    scene.progress.hold(None)
    assert scene.look(510, 5, committed=1)


def test_brokers_are_away(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert scene.look(0, 5) and not scene.look(500, None) and scene.ended == []
    assert scene.look(550, 5) and scene.ended == []


def test_the_event_loop_stands_still(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.look(101, 0, beats=False)
    assert scene.ended == [STUCK_EXIT]


def test_a_flood_of_one_message_is_thinned() -> None:
    rare = _Seldom(every=60)
    flood = [logging.makeLogRecord({"name": "aiokafka.conn", "msg": "Unable to connect %s"}) for _ in range(50)]
    assert sum(map(rare.filter, flood)) == 1
    assert rare.filter(logging.makeLogRecord({"name": "aiokafka.conn", "msg": "another"}))
    assert all(rare.filter(logging.makeLogRecord({"name": "streams.x", "msg": "m"})) for _ in range(3))
