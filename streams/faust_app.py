"""The topology on Kafka: Faust carries a stage, it remembers nothing. The only file that imports faust.

Acknowledging is done by hand and last, because what Faust acknowledges by itself can be lost (docs/kafka.md): a batch
is processed in a thread, its output is acknowledged by the brokers, then its offsets may move. Whatever is not foreseen
ends the process at once, with the batch unacknowledged, and it is read again.
"""

import asyncio
import logging
import os
import ssl
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import faust
from faust.app.base import BootStrategy

from streams import observe
from streams.kafka_envelope import Original
from streams.kafka_io import LARGEST, Record
from streams.kafka_progress import Progress
from streams.kafka_settings import KafkaSettings
from streams.kafka_stages import Processor, StoppingError

log = logging.getLogger(__name__)
WITHIN = 0.02  # seconds that a batch waits to fill: under load it fills while the last one is processed
CRASHED = 70  # EX_SOFTWARE
STOP_SECONDS = 20.0  # after SIGTERM; then the process ends with its batch unacknowledged


class _NoWeb(BootStrategy):  # type: ignore[misc]
    enable_web = False  # Faust's page would listen on all addresses


def group(settings: KafkaSettings, stage: str) -> str:
    """The consumer group of a stage."""
    return f"{settings.prefix}tocsin-{stage}"


def build(settings: KafkaSettings, processor: Processor, progress: Progress) -> faust.App:
    """The app of one stage. Start it with `run`."""

    class App(faust.App):  # type: ignore[misc]
        BootStrategy = _NoWeb

    app = App(
        group(settings, processor.stage.name),
        broker=[f"kafka://{each}" for each in settings.bootstrap_servers.split(",")],
        broker_credentials=_credentials(settings),
        broker_session_timeout=float(settings.session_seconds),
        broker_heartbeat_interval=settings.session_seconds / 10,
        broker_commit_interval=1.0,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=LARGEST,
        producer_acks=-1,
        producer_linger=0.005,
        producer_max_request_size=LARGEST,
        stream_wait_empty=True,
        stream_buffer_maxsize=4 * settings.batch,
        topic_allow_declare=False,
        topic_disable_leader=True,
        value_serializer="raw",
        key_serializer="raw",
        web_enabled=False,
        datadir=Path(tempfile.gettempdir()) / "tocsin-faust",  # made by Faust, used by tables only
        worker_redirect_stdouts=False,
    )
    source = app.topic(settings.prefix + processor.stage.reads.name, value_serializer="raw", key_serializer="raw")
    carrier = _Carrier(app, processor, settings.prefix + processor.stage.dlq)

    @app.agent(source, name=f"tocsin.{processor.stage.name}", concurrency=1)  # type: ignore[untyped-decorator]
    async def carry(stream: Any) -> None:
        async for events in stream.noack_take(settings.batch, within=WITHIN):
            await carrier.carry(events)
            for event in events:
                await stream.ack(event)

    @app.timer(1.0)  # type: ignore[untyped-decorator]
    async def beat() -> None:
        progress.alive()

    return app


def run(app: faust.App, processor: Processor) -> None:
    """Runs a worker until it is told to stop; does not return."""
    stopper = threading.Thread(target=_end_in_time, args=(app, processor), name="stopper", daemon=True)
    stopper.start()
    handlers = list(logging.root.handlers)  # Faust would clear them
    for handler in handlers:
        handler.addFilter(_Seldom())
    app.conf.loghandlers = handlers
    unchanged = {"version": 1, "incremental": True}
    worker = faust.Worker(app, loglevel="WARNING", logging_config=unchanged, redirect_stdouts=False, quiet=True)
    worker.execute_from_commandline()


class _Carrier:
    """A batch from its records to the brokers' word for all that came of it."""

    def __init__(self, app: faust.App, processor: Processor, dlq: str) -> None:
        self._app, self._processor, self._dlq = app, processor, dlq
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=processor.stage.name)
        self._topics: dict[str, Any] = {}

    async def carry(self, events: list[Any]) -> None:
        stage, began = self._processor.stage.name, time.monotonic()
        try:
            batch = [_original(event.message) for event in events]
            loop = asyncio.get_running_loop()
            records = await loop.run_in_executor(self._thread, self._processor.process, batch)
            await asyncio.gather(*[await self._send(record) for record in records])
        except StoppingError as error:
            log.warning("%s", error)
            os._exit(0)
        except Exception:
            log.exception("unforeseen at stage %s, ending with the batch unacknowledged", stage)
            os._exit(CRASHED)
        observe.passed(stage, len(events), time.monotonic() - began)
        observe.STAGE_OUT.labels(stage).inc(sum(record.topic != self._dlq for record in records))

    async def _send(self, record: Record) -> Any:
        """Hands a record to the producer; what it returns is done when the brokers have it."""
        topic = self._topics.get(record.topic)
        if topic is None:
            topic = self._app.topic(record.topic, value_serializer="raw", key_serializer="raw")
            self._topics[record.topic] = topic
        return await topic.send(key=record.key, value=record.value, headers=list(record.headers))


def _original(message: Any) -> Original:
    return Original(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=round((message.timestamp or 0) * 1000),
        key=message.key,
        value=message.value,
        headers=tuple(message.headers or ()),
    )


def _credentials(settings: KafkaSettings) -> Any:
    context = None
    if settings.security_protocol.endswith("SSL"):
        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        if settings.cert_file:
            context.load_cert_chain(settings.cert_file, settings.key_file)
    if settings.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            mechanism=settings.sasl_mechanism,
            username=settings.username,
            password=settings.password.get_secret_value() if settings.password else None,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context else None


def _end_in_time(app: faust.App, processor: Processor) -> None:
    """Faust's orderly stop waits for what is in flight, which may be held up; nothing is lost by ending without it."""
    while not app.should_stop:
        time.sleep(0.5)
    if stopping := getattr(processor, "stopping", None):
        stopping.set()
    time.sleep(STOP_SECONDS)
    log.warning("not stopped in %.0f s, ending with the batch unacknowledged", STOP_SECONDS)
    os._exit(0)


class _Seldom(logging.Filter):
    """aiokafka logs hundreds of lines a second while a broker is away; one of each text in ten seconds will do."""

    def __init__(self, every: float = 10.0, most: int = 200) -> None:
        super().__init__()
        self._every, self._most = every, most
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("aiokafka"):
            return True
        now, text = time.monotonic(), str(record.msg)
        if now - self._last.get(text, -self._every) < self._every:
            return False
        if len(self._last) >= self._most:
            self._last.clear()
        self._last[text] = now
        return True
