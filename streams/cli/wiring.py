"""Settings → the parts that commands work with."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from processors.errors import TocsinError
from processors.resolve.resolve import Policy
from streams.cli.talk import say
from streams.deadletter import DeadLetter
from streams.intake import Rejects
from streams.placeindex import ready_index
from streams.readers import Recipe
from streams.settings import Settings

if TYPE_CHECKING:
    from streams.rules import Rule
    from streams.store import Store
    from streams.store.retention import Retention
    from streams.web.server import WebServer


def recipe(settings: Settings) -> Recipe:
    """What the reading processes need; builds the place index where there is none yet."""
    return Recipe(gazetteer=ready_index(settings, say), profile=settings.profile, traits=traits(settings))


def traits(settings: Settings) -> dict[str, Any]:
    """What the operator's source list says of sources; empty without a list."""
    from producers import sources

    if not settings.sources_file.is_file():
        return {}
    return {source.id: sources.traits(source) for source in sources.load(settings.sources_file)}


def policy(settings: Settings) -> Policy:
    """How resolving decides, and who is told when."""
    return Policy(alerts=settings.alerts.policy)


def retention(settings: Settings) -> "Retention":
    """How long the store keeps what is done with."""
    from streams.store.retention import Retention

    kept = settings.retention
    given = Retention(alerts=kept.alerts, incidents=kept.incidents, dead_letters=kept.dead_letters)
    return given.at_least(settings.state.horizon)


def rejects(stage: str, settings: Settings) -> Rejects:
    """Rejections are dead-lettered in the store, which is opened only when there is one."""

    def keep(letter: DeadLetter) -> None:
        from streams.store import deadletters
        from streams.store.database import connect, create_schema

        engine = connect(settings.database)
        try:
            create_schema(engine)
            deadletters.put(engine, [letter])
        except OSError as error:
            raise TocsinError(str(error)) from None
        finally:
            engine.dispose()

    return Rejects(stage, keep)


def watch_rules(settings: Settings) -> "list[Rule] | None":
    """None where no rules are set: every alert goes out. Raises ConfigError."""
    from streams.rules import load

    return None if settings.rules is None else load(settings.rules.expanduser())


def open_page(settings: Settings, store: "Store", stack: ExitStack) -> "WebServer | None":
    """The live page and the read API over a store, until `stack` ends; None where they are off. Raises
    UnavailableError.
    """
    from streams.web.server import WebServer

    if settings.web.port == 0:
        return None
    web = WebServer(store.engine.url.render_as_string(hide_password=False), settings.web).start()
    stack.callback(web.stop)
    return web


def open_sinks(settings: Settings, stack: ExitStack) -> list[Any]:
    """Those that are set; `stack` closes them."""
    from streams.sinks.jsonl import JsonLinesSink
    from streams.sinks.terminal import TerminalSink

    sinks: list[Any] = []
    if settings.sinks.terminal:
        sinks.append(TerminalSink())
    if settings.sinks.jsonl:
        sinks.append(JsonLinesSink(settings.sinks.jsonl))
    for sink in sinks:
        stack.callback(sink.close)
    if not sinks:
        say("No sink is set: alerts are kept in the store only.")
    return sinks
