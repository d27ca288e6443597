"""Reading in a process of its own: heartbeats live on, and a text that crashes or hangs the parser costs only itself.

The child is spawned (a fork would copy open sockets) and dies with its parent.
"""

import ctypes
import multiprocessing
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import msgspec

from processors.errors import ConfigError, ResourceError, TocsinError
from processors.model import Item, ItemMentions
from streams import topology
from streams.deadletter import code_of, reason_of
from streams.extracting import Unread, read_all
from streams.kafka_envelope import Original, item_of

START_SECONDS = 300.0  # for loading models and place index on a busy machine
PR_SET_PDEATHSIG = 1

MakeReader = Callable[[], topology.Reader]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a record gave nothing."""

    code: str
    reason: str


Told = ItemMentions | Failure


class ReaderProcess:
    """Reads records of `items.v1`. `make` is called in the child, so it must be a function that can be pickled."""

    def __init__(self, make: MakeReader, largest: int, timeout: float) -> None:
        self._make, self._largest, self._timeout = make, largest, timeout
        self._context = multiprocessing.get_context("spawn")
        self._child: BaseProcess | None = None
        self._link: Connection | None = None

    def start(self) -> None:
        """Returns when the child can read. Raises ResourceError when it can't be made to."""
        mine, theirs = self._context.Pipe()
        self._child = self._context.Process(target=_serve, args=(theirs, self._make, self._largest), daemon=True)
        self._child.start()
        theirs.close()
        self._link = mine
        if self._receive(START_SECONDS) != "ready":
            self.close()
            raise ResourceError("the reading process did not start; its reason is on standard error")

    def read(self, records: Sequence[Original]) -> list[Told]:
        """What each tells, in order. A record that ends or stalls the child is found by reading one at a time.

        Raises ResourceError where a model or the place index is missing: the records have to wait."""
        if self._link is None or self._child is None or not self._child.is_alive():
            self.close()
            self.start()
        assert self._link
        try:
            self._link.send(list(records))
            answer = self._receive(self._timeout)
        except OSError:
            answer = None
        if isinstance(answer, list):
            return answer
        if isinstance(answer, str):
            raise ResourceError(answer)
        died = self._child is not None and not self._child.is_alive()
        self.close()
        if len(records) > 1:
            return [told for record in records for told in self.read([record])]
        if died:
            return [Failure(code="reader_crashed", reason="the reading process ended on this record")]
        return [Failure(code="reader_timeout", reason=f"not read in {self._timeout:.0f} s")]

    def close(self) -> None:
        if self._child:
            self._child.kill()
            self._child.join()
        if self._link:
            self._link.close()
        self._child = self._link = None

    def _receive(self, timeout: float) -> object:
        """The child's answer; None where it ended or took too long."""
        assert self._link and self._child
        try:
            answer: object = self._link.recv() if self._link.poll(timeout) else None
        except EOFError:
            self._child.join(5)
            return None
        return answer


def read(reader: topology.Reader, records: Sequence[Original], largest: int) -> list[Told]:
    """The extract stage on records: what each tells or why it does not, in order."""
    told: list[Told | None] = []
    items: list[Item] = []
    for record in records:
        try:
            items.append(item_of(record, largest))
            told.append(None)
        except TocsinError as error:
            told.append(Failure(code=code_of(error), reason=reason_of(error)))
    from_items = (_told(each) for each in read_all(reader, items))
    return [next(from_items) if each is None else each for each in told]


def _told(each: ItemMentions | Unread) -> Told:
    return Failure(code=each.code, reason=each.reason) if isinstance(each, Unread) else each


def _serve(link: Connection, make: MakeReader, largest: int) -> None:
    """The child's life: make the reader, then answer until the parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    reader = make()
    link.send("ready")
    while True:
        try:
            records = link.recv()
            try:
                answer: list[Told] | str = read(reader, records, largest)
            except (ConfigError, ResourceError) as error:  # a model or index is missing: no text's fault
                answer = str(error)
            link.send(answer)
        except (EOFError, BrokenPipeError):
            return
