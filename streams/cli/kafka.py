"""The commands of the service on Kafka: `worker`, `produce`, `topics`, `tail`, `migrate`."""

import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from processors.errors import ConfigError
from streams.cli.talk import emit, say

if TYPE_CHECKING:
    from contextlib import ExitStack

    from producers.poller import Poller
    from streams.kafka_settings import KafkaSettings
    from streams.settings import Settings
    from streams.store import Store

MAIN = "from streams.cli import main; main()"

topics = typer.Typer(no_args_is_help=True, help="The topics as the settings want them.")


def register(app: typer.Typer) -> None:
    app.command()(worker)
    app.command()(produce)
    app.command()(tail)
    app.command()(migrate)
    app.add_typer(topics, name="topics")


def kafka_settings() -> "KafkaSettings":
    """The settings in effect. Raises ConfigError, also where the extra `kafka` is not installed."""
    if missing := [name for name in ("faust", "kafka", "aiokafka", "psycopg", "alembic") if find_spec(name) is None]:
        raise ConfigError(f"{', '.join(missing)} is missing: install tocsin[kafka]")
    from streams.kafka_settings import load

    return load()


def worker(
    stage: Annotated[
        str,
        typer.Option(
            help="extract, resolve, relay, sinks, or all of these, each in a process of its own; "
            "web: the live page and the read API over the database."
        ),
    ] = "all",
) -> None:
    """Work on Kafka's topics until stopped. Start more of them to scale; a stage shares its partitions out.

    Ended in any way it goes on where it was: nothing is lost, and what comes twice changes nothing.
    """
    from contextlib import ExitStack

    from streams import kafka_worker as workers
    from streams import observe
    from streams.cli.wiring import open_sinks, policy, recipe, retention, watch_rules
    from streams.kafka_progress import Progress
    from streams.kafka_stages import Resolver
    from streams.rules import Watched
    from streams.settings import load

    if stage not in (*workers.STAGES, "all", "web"):
        raise ConfigError(f"no stage {stage!r}: there are {', '.join(workers.STAGES)}, all and web")
    settings, kafka = load(), kafka_settings()
    if stage == "all":
        raise typer.Exit(workers.run_all(lambda each: [sys.executable, "-c", MAIN, "worker", "--stage", each]))
    observe.logger(settings.log)
    workers.serve(settings.metrics.port, kafka)
    progress = Progress(stage)
    if stage == "extract":
        workers.carry(kafka, workers.extractor(kafka, recipe(settings).pipeline, progress), progress)
    elif stage == "resolve":
        store = workers.open_store(settings.database)
        horizon = settings.state.horizon
        workers.carry(kafka, Resolver(kafka, store, policy(settings), progress, horizon, retention(settings)), progress)
    elif stage == "web":
        workers.show(settings)
    elif stage == "relay":
        workers.relay(kafka, workers.open_store(settings.database, session_limit=True))
    else:
        with ExitStack() as stack:
            sinks, rules = open_sinks(settings, stack), watch_rules(settings)
            workers.deliver(kafka, sinks if rules is None else [Watched(sink, rules) for sink in sinks], progress)


def produce(
    items: Annotated[
        str | None, typer.Option("--from", help="Send these and end; -: standard input.", metavar="FILE")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Poll each source once, end.")] = False,
    sources: Annotated[Path | None, typer.Option(help="Source list instead of the one that is set.")] = None,
    heartbeat: Annotated[bool, typer.Option(help="Send a heartbeat item a minute while polling.")] = True,
) -> None:
    """Poll the sources and write items.v1. A source's cursor moves when the brokers have its items.

    With --from: write these items instead, and end when all are acknowledged.
    """
    from contextlib import ExitStack

    from streams import kafka_worker as workers
    from streams import observe
    from streams.feeding import Feeding
    from streams.intake import Rejects
    from streams.kafka_io import Sender
    from streams.kafka_produce import STAGE, Producing
    from streams.lines import Lines
    from streams.settings import load
    from streams.store import Store

    settings, kafka, stopping = load(sources=sources), kafka_settings(), workers.stopping()
    observe.logger(settings.log)
    with ExitStack() as stack:
        sender = Sender(kafka)
        stack.callback(sender.close)
        store = None
        if items is None:
            workers.serve(settings.metrics.port, kafka)
            store = Store(settings.database)
            stack.callback(store.close)
        producing = Producing(kafka, sender, store, workers.alive_file())
        producing.stopping = stopping
        refused = Rejects(STAGE, producing.reject)
        lines = stack.enter_context(Lines(items)) if items else None
        poller = _poller(settings, store, once, stack) if store else None
        feeding = Feeding(poller, lines, refused, settings.state.chunk, stopping.is_set)
        producing.run(feeding, beat=heartbeat and not items and not once)
    say(f"{producing.sent} items sent, {refused.count + producing.refused} rejected")
    raise typer.Exit(1 if refused.count or producing.refused else 0)


def _poller(settings: "Settings", store: "Store", once: bool, stack: "ExitStack") -> "Poller":
    from producers.poller import Poller
    from streams import observe
    from streams.wayin import listed, open_way_in, states

    way_in, sources = stack.enter_context(open_way_in(settings)), listed(settings)
    remembered, at_once, waiting = states(store, sources), settings.fetch.workers, settings.state.queue
    observe.sources_known(sources, remembered, datetime.now(UTC))
    poller = Poller(sources, remembered, way_in.poll, workers=at_once, waiting=waiting, once=once).start()
    stack.callback(poller.stop)
    return poller


def tail(
    from_start: Annotated[
        bool, typer.Option("--from-start", help="All that the topic holds, then what comes.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One alert a line as JSON.")] = False,
    idle: Annotated[float | None, typer.Option(help="End when nothing more came for so many seconds.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only alerts of this kind; may be given again.")] = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="Only of this event type; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only in this country (ISO 3166-1 alpha-2).")] = None,
    severity: Annotated[str | None, typer.Option(help="Only of this severity or a higher one.")] = None,
    grade: Annotated[str | None, typer.Option(help="Only of this Admiralty grade or a better one, such as C3.")] = None,
) -> None:
    """Follow the alerts topic. Repeats are left out; filters work as in a watch rule."""
    from rich.console import Console

    from streams.codec import encode
    from streams.kafka_tail import follow, wanted
    from streams.sinks.terminal import TerminalSink

    rule = wanted(kinds=kind, types=type_, countries=country, severity=severity, grade=grade)
    show = TerminalSink(Console(highlight=False))
    for alert in follow(kafka_settings(), from_start, idle, rule):
        if as_json:
            emit(sys.stdout.buffer, encode(alert))
        else:
            show.send(alert)


def migrate() -> None:
    """Bring the database's tables to the version that this program knows."""
    from streams import migrations
    from streams.settings import load

    kafka_settings()
    say(f"schema {migrations.upgrade(load().database)}")


@topics.command()
def plan() -> None:
    """Say what is missing or differs; exit status 1 if anything does."""
    _topics(change=False)


@topics.command()
def apply() -> None:
    """Create what is missing, change what can be changed; exit status 1 if something has to be done by hand."""
    _topics(change=True)


def _topics(change: bool) -> None:
    from streams import kafka_topics
    from streams.kafka_io import admin

    settings = kafka_settings()
    plans = kafka_topics.wanted(settings)
    with admin(settings) as client:
        found = kafka_topics.differences(client, plans)
        for each in found:
            emit(sys.stdout.buffer, str(each).encode())
        if change:
            kafka_topics.apply(client, plans, found)
            found = [each for each in found if each.kind == "by_hand"]
    say(f"{len(plans)} topics; {len(found)} differences {'left' if change else 'found'}")
    raise typer.Exit(1 if found else 0)
