"""The parsing process: jobs from standard input, results to standard output, under memory and CPU limits.

Started by `producers/sandbox.py` as `python -m producers.worker MEMORY CPU` (bytes of address space, CPU seconds a
job). Each message is four bytes of length, big-endian, and msgpack. Ends when its input does.
"""

import resource
import struct
import sys
from typing import BinaryIO

import msgspec

from producers.article import extract_article
from producers.feeds import parse_feed
from producers.parsed import ParsedFeed, ParseFailedError
from producers.preview_page import PreviewPage, parse_preview


class FeedJob(msgspec.Struct, frozen=True, tag="feed"):
    body: bytes
    content_type: str
    url: str


class ArticleJob(msgspec.Struct, frozen=True, tag="article"):
    body: bytes
    url: str


class PreviewJob(msgspec.Struct, frozen=True, tag="preview"):
    body: bytes


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    kind: str
    reason: str


class FeedDone(msgspec.Struct, frozen=True, tag="feed"):
    feed: ParsedFeed


class ArticleDone(msgspec.Struct, frozen=True, tag="article"):
    text: str | None


class PreviewDone(msgspec.Struct, frozen=True, tag="preview"):
    page: PreviewPage


Job = FeedJob | ArticleJob | PreviewJob
Done = FeedDone | ArticleDone | PreviewDone | Failed


def read_message(stream: BinaryIO) -> bytes | None:
    """One message; None at the end of the stream."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    data = stream.read(length)
    return data if len(data) == length else None


def write_message(stream: BinaryIO, data: bytes) -> None:
    stream.write(struct.pack(">I", len(data)))
    stream.write(data)
    stream.flush()


def run(job: Job) -> Done:
    """One job; every failure becomes an answer, so that the next job finds the process alive."""
    try:
        return _parse(job)
    except ParseFailedError as failure:
        return Failed(failure.kind, failure.reason)
    except MemoryError:
        return Failed("memory", "the memory limit was reached")
    except Exception as error:  # a parser's unknown bug must cost one poll, not the process
        return Failed("crashed", f"{type(error).__name__}: {str(error)[:200]}")


def _parse(job: Job) -> Done:
    if isinstance(job, FeedJob):
        return FeedDone(parse_feed(job.body, job.content_type, job.url))
    if isinstance(job, PreviewJob):
        return PreviewDone(parse_preview(job.body))
    return ArticleDone(extract_article(job.body, job.url))


def limit_cpu(seconds: int) -> None:
    """The process is killed when it has used `seconds` more CPU seconds than now."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def main() -> None:
    memory, cpu = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not break the messages
    while (data := read_message(source)) is not None:
        limit_cpu(cpu)
        done = run(msgspec.msgpack.decode(data, type=Job))
        del data
        write_message(sink, msgspec.msgpack.encode(done))


if __name__ == "__main__":
    main()
