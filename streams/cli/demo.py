"""`demo`: the bundled stream through the embedded pipeline, for people who want to see what this does."""

from collections import Counter
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from processors.model import Item, ItemMentions
    from streams.demo import DemoFeed
    from streams.extracting import Unread
    from streams.readers import Readers
    from streams.store import Store
    from streams.web.server import WebServer

SPEED = 7200.0  # two hours of the stream a second: under a minute in all
SEVEREST = ("extreme", "severe", "moderate", "minor")


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    speed: Annotated[float, typer.Option(min=0, help="Seconds of the stream played a second; 0: no pauses.")] = SPEED,
    keep: Annotated[Path | None, typer.Option(help="Database file that is left for `incidents` and `explain`.")] = None,
) -> None:
    """Play the bundled sample stream: three days of invented events, told by 52 outlets and channels."""
    from rich.console import Console

    from streams import demo as bundled

    console = Console(highlight=False)
    stream = bundled.items()
    told_by = len({item.source_id for item in stream})
    console.print("[bold]tocsin demo[/]  three days in February 2026, played fast; events and outlets are invented.")
    console.print(f"[dim]{len(stream)} items from {told_by} sources; loading the reader …[/]\n")
    with ExitStack() as stack:
        readers = _readers(stack)
        store = _store(keep, stack)
        web = _page(store, stack, console)
        _play(bundled.DemoFeed(stream, speed), readers, store, console)
        _summary(store, console)
        console.print(f"\n[dim]Look closer: TOCSIN_DATABASE_URL={store.engine.url} tocsin explain INCIDENT_ID[/]")
        if web and console.is_terminal:
            console.print(f"[bold]The live page stays at {web.address} until Ctrl-C.[/]")
            with suppress(KeyboardInterrupt):
                web.wait(Event())


def _page(store: "Store", stack: ExitStack, console: "Console") -> "WebServer | None":
    """The live page while the demo runs; it goes on without one where the port is taken."""
    from processors.errors import UnavailableError
    from streams.cli.talk import say
    from streams.cli.wiring import open_page
    from streams.settings import load

    try:
        web = open_page(load(), store, stack)
    except UnavailableError as error:
        say(f"No live page: {error}.")
        return None
    if web:
        console.print(f"Live page: [bold]{web.address}[/]\n")
    return web


def _readers(stack: ExitStack) -> "Readers[Item, ItemMentions | Unread]":
    """A reading process, started first: it loads its models while this one gets ready."""
    from streams import demo as bundled
    from streams.cli.talk import say
    from streams.extracting import read_all
    from streams.placeindex import ready_index
    from streams.readers import Readers, Recipe
    from streams.settings import load

    settings = load()
    recipe = Recipe(gazetteer=ready_index(settings, say), profile=settings.profile, traits=bundled.traits())
    return stack.enter_context(Readers(recipe, read_all, 1, lambda: 0)).start()


def _store(keep: Path | None, stack: ExitStack) -> "Store":
    """A fresh database: the demo always begins at the beginning."""
    from streams.settings import load
    from streams.store import Store

    path = keep or load().data_dir.expanduser() / "demo.db"
    for leftover in (path, *(path.with_name(path.name + tail) for tail in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    store = Store(f"sqlite:///{path}")
    stack.callback(store.close)
    return store


def _play(
    feed: "DemoFeed", readers: "Readers[Item, ItemMentions | Unread]", store: "Store", console: "Console"
) -> None:
    from processors.errors import UnavailableError
    from streams import observe
    from streams.cli.talk import say
    from streams.cli.wiring import policy
    from streams.embedded import Embedded
    from streams.settings import LogGroup, load
    from streams.sinks.terminal import TerminalSink

    settings = load()
    try:
        observe.serve(settings.metrics.port)
    except UnavailableError as error:
        say(f"No metrics: {error}.")
    log = observe.logger(LogGroup(level="warning"))
    sinks = [TerminalSink(console)]
    service = Embedded(store, policy(settings), sinks, log, timedelta(days=30), Event(), lambda: feed.clock)
    service.run(feed, readers)


def _summary(store: "Store", console: "Console") -> None:
    """What three days came to: the incidents, gravest first."""
    from rich.table import Table

    from streams.sinks.terminal import SEVERITY_STYLE, number
    from streams.store import history

    known = [i for i in history.incidents(store.engine) if i.status != "merged"]
    kinds = Counter(alert.kind for _, alert in store.pending("summary", 10_000))
    table = Table(title=f"{len(known)} incidents", title_justify="left", header_style="bold", pad_edge=False)
    for heading in ("severity", "incident", "killed", "injured", "sources", "grade", "id"):
        table.add_column(heading, justify="right" if heading in ("killed", "injured", "sources") else "left")
    for incident in sorted(known, key=lambda i: (SEVEREST.index(i.severity), i.first_reported_at or i.updated_at)):
        gone = incident.status == "retracted"
        table.add_row(
            incident.severity,
            f"{incident.title} (retracted)" if gone else incident.title,
            number(incident.killed),
            number(incident.injured),
            str(incident.independent_sources),
            incident.grade,
            incident.incident_id[:8],
            style="dim strike" if gone else SEVERITY_STYLE[incident.severity],
        )
    console.print(table)
    console.print("Alerts: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
