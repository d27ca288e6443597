"""`replay` and `annotate`: files of items or texts in, JSON lines out, in a stream."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from processors.errors import ConfigError
from streams.cli.talk import Progress, emit, say

Input = Annotated[str, typer.Argument(help="JSON lines; - is standard input.", metavar="FILE")]
Jobs = Annotated[int | None, typer.Option(min=0, help="Processes that read text; 0: as many as there are cores.")]
Output = Annotated[str | None, typer.Option(help="File; - is standard output.", metavar="FILE")]


def register(app: typer.Typer) -> None:
    app.command()(replay)
    app.command()(annotate)


def replay(items: Input, alerts: Output = None, incidents: Output = None, jobs: Jobs = None) -> None:
    """Push items through the whole pipeline as fast as it goes, on the items' own clock.

    The same input gives the same output. Without --alerts and --incidents the alerts go to standard output.
    """
    from streams.cli.wiring import policy, recipe, rejects
    from streams.codec import decode_item, encode
    from streams.extracting import read_all
    from streams.intake import decoded, read_ones
    from streams.lines import Lines
    from streams.readers import CHUNK, Readers
    from streams.replay import Replay
    from streams.settings import load

    settings, started = load(jobs=jobs), time.monotonic()
    refused = rejects("extract", settings)
    run = Replay(policy(settings), refused.conflict)
    if alerts is None and incidents is None:
        alerts = "-"
    with ExitStack() as stack:
        alerts_to, incidents_to = (_writer(stack, path) for path in (alerts, incidents))
        lines = stack.enter_context(Lines(items))
        readers = stack.enter_context(Readers(recipe(settings), read_all, settings.processes, lambda: lines.waiting))
        chunks = Progress("items").over(decoded(lines.chunks(CHUNK), decode_item, refused))
        told = (each for read in readers.read(chunks) for each in read.out)
        for alert in run.run(read_ones(told, refused)):
            if alerts_to:
                emit(alerts_to, encode(alert))
            if incidents_to:
                for incident in run.closed():
                    emit(incidents_to, encode(incident))
        for incident in run.remaining():
            if incidents_to:
                emit(incidents_to, encode(incident))
    seconds = time.monotonic() - started
    say(f"{run.items} items, {run.incidents} incidents, {run.alerts} alerts, {refused.count} rejected, {seconds:.1f} s")
    raise typer.Exit(1 if refused.count else 0)


def annotate(
    docs: Input,
    jobs: Jobs = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="For people: which rule or model said what, instead of JSON.")
    ] = False,
) -> None:
    """Mark entities, places, times and incidents in texts.

    Takes JSON lines with id, text and, if known, title, published_at and lang; gives one line for each, in order.
    """
    from streams.annotate import annotated, explained
    from streams.cli.wiring import recipe, rejects
    from streams.codec import decode_text
    from streams.intake import decoded, read_ones
    from streams.lines import Lines
    from streams.readers import CHUNK, Readers
    from streams.settings import load

    settings = load(jobs=jobs)
    refused, reading = rejects("annotate", settings), explained if explain else annotated
    with ExitStack() as stack:
        lines = stack.enter_context(Lines(docs))
        readers = stack.enter_context(Readers(recipe(settings), reading, settings.processes, lambda: lines.waiting))
        chunks = Progress("texts").over(decoded(lines.chunks(CHUNK), decode_text, refused))
        for line in read_ones((out for read in readers.read(chunks) for out in read.out), refused):
            emit(sys.stdout.buffer, line)
    raise typer.Exit(1 if refused.count else 0)


def _writer(stack: ExitStack, path: str | None) -> BinaryIO | None:
    if path is None:
        return None
    if path == "-":
        return sys.stdout.buffer
    try:
        return stack.enter_context(Path(path).open("wb"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
