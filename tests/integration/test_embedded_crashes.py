"""SIGKILL anywhere, then again: the same incidents, versions and alerts as without; SIGTERM ends cleanly."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from streams.codec import encode
from streams.store import Store, history

SEED = 11
KILLS = 8


def start(folder: Path, **environment: str) -> "subprocess.Popen[str]":
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.embedded_service", str(folder), str(SEED)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def outcome(folder: Path) -> tuple[list[bytes], list[bytes], list[bytes], list[bytes]]:
    """Incidents, their versions, the outbox, and the lines of the file."""
    store = Store(f"sqlite:///{folder}/state.db")
    incidents = list(history.incidents(store.engine))
    versions = [encode(v.incident) for i in incidents for v in history.versions(store.engine, i.incident_id)]
    outbox = [encode(alert) for _, alert in store.pending("nobody", 100_000)]
    store.close()
    return [encode(i) for i in incidents], versions, outbox, (folder / "alerts.jsonl").read_bytes().splitlines()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], ...]:
    folder = tmp_path_factory.mktemp("undisturbed")
    assert start(folder).wait(120) == 0
    ended = outcome(folder)
    assert len(ended[0]) > 10
    assert ended[2] == ended[3]
    return ended


def test_killed_at_random_moments(undisturbed: tuple[list[bytes], ...], tmp_path: Path) -> None:
    chance, killed = random.Random(5), 0
    for _ in range(KILLS):
        process = start(tmp_path)
        time.sleep(chance.uniform(0, 0.25))
        killed += process.poll() is None
        process.kill()
        process.wait()
    assert start(tmp_path).wait(120) == 0
    assert killed >= KILLS // 3, "most of the kills came while it worked"
    assert outcome(tmp_path) == undisturbed


def test_killed_between_writing_an_alert_and_marking_it(undisturbed: tuple[list[bytes], ...], tmp_path: Path) -> None:
    deaths = 0
    for _ in range(200):
        status = start(tmp_path, TOCSIN_TEST_DIE="0.04").wait(120)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        deaths += 1
    assert deaths >= 1
    assert outcome(tmp_path) == undisturbed


def test_terminated_it_ends_cleanly_and_goes_on_later(undisturbed: tuple[list[bytes], ...], tmp_path: Path) -> None:
    process = start(tmp_path)
    time.sleep(0.1)
    process.terminate()
    assert process.wait(30) == 0
    assert start(tmp_path).wait(120) == 0
    assert outcome(tmp_path) == undisturbed


def test_a_line_cut_by_a_crash_is_healed(undisturbed: tuple[list[bytes], ...], tmp_path: Path) -> None:
    assert start(tmp_path).wait(120) == 0
    file = tmp_path / "alerts.jsonl"
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size - 20)
    with_half_line = file.read_bytes()
    assert start(tmp_path).wait(120) == 0
    assert file.read_bytes() == with_half_line[: with_half_line.rfind(b"\n") + 1]
