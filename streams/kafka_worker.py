"""`tocsin worker`: one stage in this process, put together from the settings; or all, each in a process of its own."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from prometheus_client import start_http_server
from sqlalchemy import Engine, event

from processors.errors import UnavailableError
from streams import observe
from streams.kafka_lag import LagProbe
from streams.kafka_progress import Progress, Watchdog
from streams.kafka_reader import MakeReader, ReaderProcess
from streams.kafka_settings import KafkaSettings
from streams.kafka_sinks import Deliverer, group
from streams.kafka_stages import Extractor, Processor
from streams.relay import Relay
from streams.settings import Settings
from streams.sinks import Sink
from streams.store import Store
from streams.topology import ALERTS
from streams.web.server import WebServer

log = logging.getLogger(__name__)
STAGES = ("extract", "resolve", "relay", "sinks")
IDLE_IN_TRANSACTION = "15s"  # a writer that was frozen in its transaction gives the lock up after so long
IDLE_SESSION = "60s"  # a relay that was frozen likewise; it says something every second
ALIVE_FILE = "TOCSIN_ALIVE_FILE"


def extractor(settings: KafkaSettings, make: MakeReader, progress: Progress) -> Extractor:
    """The extract stage with its reading process; `make` gives the pipeline."""
    reader = ReaderProcess(make, settings.max_record_bytes, settings.read_seconds)
    reader.start()
    return Extractor(settings, reader, progress)


def open_store(url: str, session_limit: bool = False) -> Store:
    """The state, with limits that keep a frozen process from holding everyone up."""
    store = Store(url)
    guard(store.engine, session_limit)
    return store


def guard(engine: Engine, session_limit: bool) -> None:
    if engine.dialect.name != "postgresql":
        return

    def limit(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_IN_TRANSACTION}'")
            if session_limit:
                cursor.execute(f"SET idle_session_timeout = '{IDLE_SESSION}'")
        connection.commit()

    event.listen(engine, "connect", limit)
    engine.dispose()  # what is open already has no limits


def carry(settings: KafkaSettings, processor: Processor, progress: Progress) -> None:
    """Runs a stage on Kafka until it is told to stop; does not return."""
    from streams import faust_app  # heavy; the relay and the sinks do without

    stage = processor.stage
    probe = LagProbe(settings, faust_app.group(settings, stage.name), settings.prefix + stage.reads.name)
    Watchdog(progress, probe, settings.stuck_seconds, alive_file()).start()
    faust_app.run(faust_app.build(settings, processor, progress), processor)


def relay(settings: KafkaSettings, store: Store) -> None:
    """Relays until SIGTERM or SIGINT."""
    worker = Relay(store, settings, alive_file())
    worker.stopping = stopping()
    worker.run()
    store.close()


def deliver(settings: KafkaSettings, sinks: Sequence[Sink], progress: Progress) -> None:
    """Gives the sinks every alert until SIGTERM or SIGINT."""
    worker = Deliverer(settings, sinks, progress)
    worker.stopping = stopping()
    probe = LagProbe(settings, group(settings), settings.prefix + ALERTS.name)
    Watchdog(progress, probe, settings.stuck_seconds, alive_file()).start()
    worker.run()


def show(settings: Settings) -> None:
    """Serves the live page and the read API until SIGTERM or SIGINT. Raises UnavailableError: the port is taken."""
    web = WebServer(settings.database, settings.web).start()
    web.wait(stopping())
    web.stop()


def serve(port: int, settings: KafkaSettings) -> None:
    """`/metrics` where the settings say; port 0 serves none. Raises UnavailableError where the port is taken."""
    observe.prepare()
    if port == 0:
        return
    try:
        start_http_server(port, settings.metrics_address)
    except OSError as error:
        raise UnavailableError(f"metrics port {port}: {error.strerror or error}") from None


def alive_file() -> Path | None:
    """The file that is touched while all is well."""
    return Path(named) if (named := os.environ.get(ALIVE_FILE)) else None


def stopping() -> threading.Event:
    """Set by SIGTERM and Ctrl-C."""
    told = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: told.set())
    return told


def run_all(command: Callable[[str], list[str]]) -> int:
    """Each stage in a process of its own; ends, with the others, when one ends. Returns its exit status."""
    children = {stage: subprocess.Popen(command(stage)) for stage in STAGES}
    told, status = stopping(), 0
    while not told.is_set():
        ended = {stage: child.returncode for stage, child in children.items() if child.poll() is not None}
        if ended:
            print(f"tocsin: ended: {ended}", file=sys.stderr)  # noqa: T201  the command line's own voice
            status = max(map(abs, ended.values())) or 1
            break
        time.sleep(0.5)
    for child in children.values():
        child.terminate()
    for child in children.values():
        child.wait()
    return status
