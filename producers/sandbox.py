"""Parsing in processes of its own, with limits, which may be killed and are started anew."""

import queue
import subprocess
import sys
import threading
from types import TracebackType
from typing import BinaryIO, cast, get_args

import msgspec

from producers.parsed import ParsedFeed, ParseFailedError, ParseFailureKind
from producers.preview_page import PreviewPage
from producers.worker import (
    ArticleDone,
    ArticleJob,
    Done,
    Failed,
    FeedDone,
    FeedJob,
    Job,
    PreviewDone,
    PreviewJob,
    read_message,
    write_message,
)

JOBS_PER_WORKER = 500  # then it is replaced, so that nothing piles up in it


class SandboxLimits(msgspec.Struct, frozen=True, kw_only=True):
    memory: int = 280 * 1024 * 1024  # bytes of address space
    cpu: int = 10  # seconds a job
    wall: float = 20.0  # seconds a job
    workers: int = 2


DEFAULTS = SandboxLimits()


class Sandbox:
    """A `Parser` whose work is done by killable processes. Threads may share it; close it in the end."""

    def __init__(self, limits: SandboxLimits = DEFAULTS) -> None:
        self._limits = limits
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(limits.workers):
            self._idle.put(None)  # started when first needed

    def feed(self, body: bytes, content_type: str, url: str) -> ParsedFeed:
        done = self._run(FeedJob(body, content_type, url))
        assert isinstance(done, FeedDone)
        return done.feed

    def article(self, body: bytes, url: str) -> str | None:
        done = self._run(ArticleJob(body, url))
        assert isinstance(done, ArticleDone)
        return done.text

    def preview(self, body: bytes) -> PreviewPage:
        done = self._run(PreviewJob(body))
        assert isinstance(done, PreviewDone)
        return done.page

    def _run(self, job: Job) -> Done:
        worker = self._idle.get()
        try:
            worker = worker if worker and worker.alive() else _Worker(self._limits)
            done = worker.run(job)
        finally:
            self._idle.put(worker)
        if isinstance(done, Failed):
            kind = done.kind if done.kind in get_args(ParseFailureKind) else "crashed"
            raise ParseFailedError(cast(ParseFailureKind, kind), done.reason)
        return done

    def close(self) -> None:
        for _ in range(self._limits.workers):
            worker = self._idle.get()
            if worker:
                worker.stop()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    def __init__(self, limits: SandboxLimits) -> None:
        self._limits, self._jobs, self._overdue = limits, 0, False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "producers.worker", str(limits.memory), str(limits.cpu)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a dying interpreter writes a traceback; the reason is in its status
            start_new_session=True,  # Ctrl-C is for the parent, which ends its workers itself
        )

    def alive(self) -> bool:
        if self._jobs >= JOBS_PER_WORKER:
            self.stop()
        return self._process.poll() is None

    def run(self, job: Job) -> Done:
        self._jobs += 1
        watch = threading.Timer(self._limits.wall, self._overrun)
        watch.daemon = True
        watch.start()
        try:
            return self._exchange(job)
        finally:
            watch.cancel()

    def _exchange(self, job: Job) -> Done:
        assert self._process.stdin and self._process.stdout
        try:
            write_message(cast(BinaryIO, self._process.stdin), msgspec.msgpack.encode(job))
            data = read_message(cast(BinaryIO, self._process.stdout))
        except (OSError, ValueError):
            data = None
        if data is None:
            return self._death()
        return cast(Done, msgspec.msgpack.decode(data, type=Done))

    def _death(self) -> Failed:
        self._process.kill()
        code = self._process.wait()
        self.stop()
        if self._overdue:
            return Failed("time", f"not parsed within {self._limits.wall:.0f} s")
        if code in (-24, -9):  # SIGXCPU; the kernel sends SIGKILL at the hard limit
            return Failed("cpu", f"more than {self._limits.cpu} CPU seconds")
        return Failed("memory" if code == 1 else "died", f"the parsing process ended with status {code}")

    def _overrun(self) -> None:
        self._overdue = True
        self._process.kill()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue  # the unsent rest of a job for a dead worker
