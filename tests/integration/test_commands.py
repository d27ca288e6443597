"""The commands as people start them, with the real reader and a small place index."""

import json
import os
import subprocess
import sys
import threading

import pytest

from streams import demo
from streams.codec import encode
from tests.unit.places_fixture import small_gazetteer

MAIN = "from streams.cli import main; main()"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("commands")
    small_gazetteer(folder)
    own = {
        "TOCSIN_DATA_DIR": str(folder),
        "TOCSIN_GAZETTEER": str(folder / "places.idx"),
        "TOCSIN_METRICS_PORT": "0",
        "TOCSIN_WEB_PORT": "0",
        "COLUMNS": "120",
    }
    return os.environ | own


def call(environment: dict[str, str], *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-c", MAIN, *words], input=given, capture_output=True, env=environment, timeout=120
    )


def test_the_demo_shows_alerts_and_a_summary(environment: dict[str, str]) -> None:
    ended = call(environment, "demo", "--speed", "0")
    assert ended.returncode == 0, ended.stderr.decode()
    shown = ended.stdout.decode()
    assert "● NEW" in shown
    assert "Alerts: " in shown
    assert max(map(len, shown.splitlines()[2:-3])) <= 120
    database = f"sqlite:///{environment['TOCSIN_DATA_DIR']}/demo.db"
    listed = call(environment | {"TOCSIN_DATABASE_URL": database}, "incidents").stdout.splitlines()
    assert listed
    one = json.loads(listed[0])["incident_id"]
    assert one in call(environment | {"TOCSIN_DATABASE_URL": database}, "explain", one).stdout.decode()


def test_annotate_answers_each_line_before_the_next_is_there(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, "annotate", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert process.stdin
    assert process.stdout
    deadline = threading.Timer(100, process.kill)  # an answer that never comes fails the test, it does not hang it
    deadline.start()
    for number in range(3):
        line = {"id": number, "text": "Gunmen killed two people in Mosul.", "published_at": "2026-03-03T10:00:00Z"}
        process.stdin.write(encode(line) + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert answer["id"] == number
        assert answer["places"][0]["text"] == "Mosul"
    process.stdin.close()
    assert process.wait(30) == 0
    deadline.cancel()


HARD = ["", "💥" * 50, "\u202eabc\u202c \u200f", "a\x00b", "x" * 1_000_000, "\ud83d!", "<b>", "…" * 2000]


def test_hard_texts_are_read_without_a_crash(environment: dict[str, str]) -> None:
    texts = [json.dumps({"id": n, "text": text}).encode() for n, text in enumerate(HARD)]
    ended = call(environment, "annotate", "-", given=b"\n".join(texts))
    assert ended.returncode == 0, ended.stderr.decode()[-2000:]
    assert [json.loads(line)["id"] for line in ended.stdout.splitlines()] == list(range(len(HARD)))
    items = [
        {"source_id": "s", "external_id": str(n), "kind": "new", "published_at": "2026-03-03T10:00:00Z", "body": text}
        for n, text in enumerate(HARD)
    ]
    ended = call(environment, "replay", "-", given=b"\n".join(json.dumps(item).encode() for item in items))
    assert ended.returncode == 0, ended.stderr.decode()[-2000:]
    assert f"{len(HARD)} items".encode() in ended.stderr


def test_replay_into_a_pipe_that_closes_ends_quietly(environment: dict[str, str]) -> None:
    items = b"\n".join(map(encode, demo.items()))
    ended = subprocess.run(
        f'{sys.executable} -c "{MAIN}" replay - | head -c 10',
        input=items,
        shell=True,
        capture_output=True,
        env=environment,
    )
    assert b"Traceback" not in ended.stderr
