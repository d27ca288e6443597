"""`run`: the embedded service."""

import signal
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from producers.poller import Poller
    from producers.sources import Source
    from streams.settings import Settings
    from streams.store import Store


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    once: Annotated[bool, typer.Option("--once", help="Poll each source once, process, end.")] = False,
    items: Annotated[
        str | None, typer.Option("--from", help="Take items besides; -: standard input.", metavar="FILE")
    ] = None,
    source_list: Annotated[Path | None, typer.Option("--sources", help="Source list instead of the one set.")] = None,
    jobs: Annotated[int | None, typer.Option(min=0, help="Processes that read text; 0: as many as cores.")] = None,
) -> None:
    """Poll the configured sources and keep the incidents: the whole service in one process, no Kafka needed.

    Ctrl-C and SIGTERM end it cleanly. Killed in any other way it goes on where it was.
    """
    from streams import observe
    from streams.cli.wiring import open_page, open_sinks, policy, recipe, rejects, retention
    from streams.embedded import Embedded
    from streams.extracting import read_all
    from streams.feeding import Feeding
    from streams.lines import Lines
    from streams.readers import Readers
    from streams.settings import load
    from streams.store import Store
    from streams.wayin import listed

    settings, stopping = load(jobs=jobs, sources=source_list), _stopping()
    log, refused = observe.logger(settings.log), rejects("extract", settings)
    observe.serve(settings.metrics.port)
    with ExitStack() as stack:
        prepared = recipe(settings)
        store = Store(settings.database)
        stack.callback(store.close)
        web = None if once else open_page(settings, store, stack)
        lines = stack.enter_context(Lines(items)) if items else None
        sources = [] if lines and not settings.sources_file.is_file() else listed(settings)
        poller = _poller(settings, store, sources, once, stack) if sources else None
        sinks = _watched(settings, store, open_sinks(settings, stack))
        kinds = {source.id: source.kind for source in sources}
        feeding = Feeding(poller, lines, refused, settings.state.chunk, stopping.is_set, kinds=kinds)
        readers = stack.enter_context(Readers(prepared, read_all, settings.processes, lambda: feeding.waiting))
        horizon, keep = settings.state.horizon, retention(settings)
        service = Embedded(store, policy(settings), sinks, log, horizon, stopping, retention=keep)
        log.info(
            observe.STARTED,
            database=store.engine.url.render_as_string(),
            sinks=[sink.name for sink in sinks],
            page=web.address if web else None,
        )
        service.run(feeding, readers)
        log.info(observe.STOPPED)
    raise typer.Exit(1 if refused.count or service.rejected else 0)


def _stopping() -> Event:
    """Set by SIGTERM and Ctrl-C; a second one ends at once."""
    stopping = Event()

    def stop(number: int, _frame: Any) -> None:
        if stopping.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopping


def _poller(settings: "Settings", store: "Store", sources: list["Source"], once: bool, stack: ExitStack) -> "Poller":
    from producers.poller import Poller
    from streams import observe
    from streams.wayin import open_way_in, states

    way_in, remembered = stack.enter_context(open_way_in(settings, sources)), states(store, sources)
    observe.sources_known(sources, remembered, datetime.now(UTC))
    poller = Poller(
        sources,
        remembered,
        way_in.poll,
        workers=settings.fetch.workers,
        waiting=settings.state.queue,
        once=once,
    ).start()
    stack.callback(poller.stop)
    return poller


def _watched(settings: "Settings", store: "Store", sinks: list[Any]) -> list[Any]:
    """The sinks behind the watch rules, where there are any."""
    from streams.cli.wiring import watch_rules
    from streams.rules import Watched
    from streams.store import history

    if (rules := watch_rules(settings)) is None:
        return sinks
    return [Watched(sink, rules, history.alerts(store.engine, store.given(sink.name))) for sink in sinks]
