"""Parsing in processes of its own, with limits, which may be killed and are started anew."""

import queue
import signal
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
        self._started: list[_Worker] = []
        self._closed = False
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
            worker = worker if worker and worker.alive() else self._start(worker)
            done = worker.run(job)
        finally:
            self._idle.put(worker)
        if isinstance(done, Failed):
            kind = done.kind if done.kind in get_args(ParseFailureKind) else "crashed"
            raise ParseFailedError(cast(ParseFailureKind, kind), done.reason)
        return done

    def _start(self, old: "_Worker | None") -> "_Worker":
        if self._closed:
            raise ParseFailedError("died", "parsing has been ended")
        if old:
            self._started.remove(old)
        worker = _Worker(self._limits)
        self._started.append(worker)
        return worker

    def close(self) -> None:
        """Ends all workers, also those at work: their jobs fail."""
        self._closed = True
        for worker in list(self._started):
            worker.stop()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    def __init__(self, limits: SandboxLimits) -> None:
        self._limits, self._jobs = limits, 0
        self._ended: ParseFailureKind | None = None  # why this side ended it
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
        ended = self._ended
        self._process.kill()
        code = self._process.wait()
        self.stop()
        if ended:
            return Failed(
                ended, f"not parsed within {self._limits.wall:.0f} s" if ended == "time" else "ended from outside"
            )
        if code == -signal.SIGXCPU:
            return Failed("cpu", f"more than {self._limits.cpu} CPU seconds")
        # 1: no memory even for saying so; SIGKILL: the kernel's choice when memory runs out
        kind: ParseFailureKind = "memory" if code in (1, -signal.SIGKILL) else "died"
        return Failed(kind, f"the parsing process ended with status {code}")

    def _overrun(self) -> None:
        self._ended = "time"
        self._process.kill()

    def stop(self) -> None:
        self._ended = self._ended or "died"
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    continue  # the unsent rest of a job for a dead worker
