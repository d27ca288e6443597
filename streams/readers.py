"""Text read in this process or, where there is much of it, in several: same results, same order.

Reading is the costly stage and keeps no state, so it is done ahead in spawned processes that die with their parent.
Small inputs are read here: a process takes seconds to load its models.
"""

import ctypes
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec

from processors.errors import TocsinError
from processors.model import SourceTraits

if TYPE_CHECKING:
    from processors.pipeline import Pipeline

FEW = 256  # inputs waiting below which no processes are started: they would come too late to help
CHUNK = 64  # inputs handed to a process at once: of fewer the parser makes small batches
AHEAD = 3  # chunks a process that are read ahead at most

In = TypeVar("In")
Out = TypeVar("Out")


class Read(msgspec.Struct, Generic[Out], frozen=True):
    """What came of a chunk: how many inputs it had, its outputs in order, and how long the work took, in seconds."""

    taken: int
    out: list[Out]
    seconds: float


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a pipeline, small enough to be sent to another process."""

    gazetteer: Path | None
    profile: Literal["default", "light"] = "default"
    traits: Mapping[str, SourceTraits] = {}

    def pipeline(self) -> "Pipeline":
        from streams.lean_spacy import import_spacy

        import_spacy()
        from processors.pipeline import Pipeline  # loads the language libraries

        return Pipeline(self.gazetteer, self.profile, self.traits)


class Readers(Generic[In, Out]):
    """Applies `work(pipeline, inputs) -> outputs` to chunks, in order. `work` must be a module's function.

    `waiting` says how many inputs are there to be read: processes are started once these are not few.
    """

    def __init__(
        self,
        recipe: Recipe,
        work: Callable[["Pipeline", Sequence[In]], list[Out]],
        jobs: int,
        waiting: Callable[[], int],
    ) -> None:
        self._recipe, self._work, self._jobs, self._waiting = recipe, work, jobs, waiting
        self._pipeline: Pipeline | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._processes: list[multiprocessing.process.BaseProcess] = []
        self._latest: Future[Read[Out]] | None = None

    def __enter__(self) -> "Readers[In, Out]":
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the processes and waits for it: a pool left to the interpreter's exit finds its pipes closed. Those whose
        work nobody waits for any more, or that are still loading, are not waited for but stopped.
        """
        if self._pool is None:
            return
        if self._latest is not None and not self._latest.done():
            for process in self._processes:
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def start(self) -> "Readers[In, Out]":
        """Starts the processes now, however little there is to read: they load while other things are done."""
        self._submit([])
        return self

    def read(self, chunks: Iterable[list[In]]) -> Iterator[Read[Out]]:
        """What each chunk gave, in the order of the input; a bounded number of chunks is read ahead."""
        ahead: deque[Future[Read[Out]]] = deque()
        for chunk in chunks:
            if not self._pool and not self._wants_processes(len(chunk)):
                yield self._here(chunk)
                continue
            ahead.append(self._submit(chunk))
            while ahead and (len(ahead) > AHEAD * self._jobs or ahead[0].done() or not self._waiting()):
                yield _result(ahead.popleft())
        while ahead:
            yield _result(ahead.popleft())

    def _wants_processes(self, in_hand: int) -> bool:
        return self._jobs > 1 and in_hand + self._waiting() >= FEW

    def _here(self, chunk: list[In]) -> Read[Out]:
        if self._pipeline is None:
            self._pipeline = self._recipe.pipeline()
        return _timed(self._work, self._pipeline, chunk)

    def _submit(self, chunk: list[In]) -> Future[Read[Out]]:
        others = None if self._pool else multiprocessing.active_children()
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._jobs,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=(self._recipe,),
            )
        self._latest = self._pool.submit(_work_there, self._work, chunk)
        if others is not None:
            self._processes = [p for p in multiprocessing.active_children() if p not in others]
        return self._latest


def _result(future: Future[Read[Out]]) -> Read[Out]:
    try:
        return future.result()
    except BrokenProcessPool:
        raise TocsinError("a reading process died; --jobs 1 reads in this process") from None


def _timed(
    work: Callable[["Pipeline", Sequence[In]], list[Out]], pipeline: "Pipeline", chunk: Sequence[In]
) -> Read[Out]:
    started = perf_counter()
    out = work(pipeline, chunk) if chunk else []
    return Read(len(chunk), out, perf_counter() - started)


_recipe: list[Recipe] = []


def _prepare(recipe: Recipe) -> None:
    """In a reading process: dies with its parent (Linux) and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    _recipe.append(recipe)


@cache
def _pipeline() -> "Pipeline":
    """Made by the first work, so that its errors reach the parent as that work's."""
    return _recipe[0].pipeline()


def _work_there(work: Callable[["Pipeline", Sequence[Any]], list[Any]], chunk: Sequence[Any]) -> Read[Any]:
    return _timed(work, _pipeline(), chunk)
