"""Parsing under limits: a poisonous body costs itself, never the next one."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from producers.parsed import ParseFailedError
from producers.sandbox import Sandbox, SandboxLimits
from tests.servers.feeds import Post, rss

URL = "https://wire.example/feed"
GOOD = rss([Post(guid="1")])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(SandboxLimits(cpu=1, wall=4.0, workers=1)) as one:
        yield one


def code(sandbox: Sandbox, body: bytes) -> str:
    with pytest.raises(ParseFailedError) as caught:
        sandbox.feed(body, "", URL)
    return caught.value.code


def test_reads_as_it_does_without(sandbox: Sandbox) -> None:
    feed = sandbox.feed(GOOD, "application/rss+xml", URL)
    assert [entry.id for entry in feed.entries] == ["1"]
    page = (
        b"<html><body><article>"
        + b"<p>Officials in the town said that two people had been hurt.</p>" * 5
        + b"</article></body></html>"
    )
    assert "two people had been hurt" in (sandbox.article(page, URL) or "")
    assert sandbox.article(b"", URL) is None


def test_memory() -> None:
    with Sandbox(SandboxLimits(memory=100 * 1024 * 1024, workers=1)) as sandbox:
        assert code(sandbox, GOOD.replace(b"Shelling", b"A" * 30_000_000)) == "parse_memory"
        assert sandbox.feed(GOOD, "", URL).entries


def test_cpu(sandbox: Sandbox) -> None:
    # attributes in many elements, each below the cap: quadratic, but only so far
    slow = rss([Post(guid="1")], "".join("<x " + " ".join(f'a{n}="x"' for n in range(990)) + "/>" for _ in range(400)))
    assert code(sandbox, slow) in ("parse_cpu", "parse_time")
    assert sandbox.feed(GOOD, "", URL).entries


def test_wall_clock() -> None:
    with Sandbox(SandboxLimits(wall=1.5, workers=1)) as sandbox:
        sandbox.feed(GOOD, "", URL)
        os.kill(_worker_pid(sandbox), signal.SIGSTOP)
        started = time.monotonic()
        assert code(sandbox, GOOD) == "parse_time"
        assert time.monotonic() - started < 4
        assert sandbox.feed(GOOD, "", URL).entries


def test_death_between_jobs_is_not_noticed_and_death_in_a_job_is_said() -> None:
    with Sandbox(SandboxLimits(workers=1)) as sandbox:
        sandbox.feed(GOOD, "", URL)
        os.kill(_worker_pid(sandbox), signal.SIGKILL)
        time.sleep(0.1)
        assert sandbox.feed(GOOD, "", URL).entries


def _worker_pid(sandbox: Sandbox) -> int:
    (worker,) = list(sandbox._idle.queue)
    assert worker is not None
    return worker._process.pid


def test_closing_does_not_wait_for_a_job() -> None:
    sandbox = Sandbox(SandboxLimits(workers=1))
    sandbox.feed(GOOD, "", URL)
    os.kill(_worker_pid(sandbox), signal.SIGSTOP)
    outcome: list[str] = []
    thread = threading.Thread(target=lambda: outcome.append(code(sandbox, GOOD)))
    thread.start()
    time.sleep(0.2)
    sandbox.close()
    thread.join(2)
    assert outcome == ["parse_died"]
    assert code(sandbox, GOOD) == "parse_died"
