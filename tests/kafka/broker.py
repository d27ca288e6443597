"""A real Apache Kafka broker (KRaft, one process) from its Maven jars, for tests and benchmarks.

Needs Java 17+; Maven only the first time. It listens on the loopback only, on ports that were free when it was made,
and keeps its data over `stop`, `kill` and `start`, so that outages can be tested.
"""

import hashlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin-tests"
START_TIMEOUT = 180.0  # seconds, ample for a machine that is busy
STOP_TIMEOUT = 60.0
CLUSTER_ID = "dG9jc2luLXRlc3RzLWtyYQ"  # any 16 bytes in base64


class UnavailableServerError(Exception):
    """What the broker needs is not on this machine; the message says what."""


def free_ports(number: int) -> list[int]:
    """Ports nobody listens on, all different."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def jars() -> Path:
    """The folder with Kafka's jars, filled once for each content of pom.xml."""
    folder = CACHE / f"kafka-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    if not shutil.which("mvn"):
        raise UnavailableServerError("Maven (mvn), to get Kafka's jars the first time")
    part = folder.with_name(f"{folder.name}.{os.getpid()}")  # renamed when complete, so that two callers do no harm
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
    done = subprocess.run(["mvn", "-q", "-B", "-f", str(POM), *goal], capture_output=True, text=True)
    if done.returncode:
        raise UnavailableServerError(f"Kafka's jars from Maven: {(done.stdout + done.stderr)[-500:]}")
    if not folder.is_dir():
        part.rename(folder)
    shutil.rmtree(part, ignore_errors=True)
    return folder


class Broker:
    """One broker with its data under `folder`. `settings` are broker properties that go before the usual ones."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        java = shutil.which("java")
        if java is None:
            raise UnavailableServerError("Java 17 or later (java)")
        self.folder, self.settings = folder, settings or {}
        self.port, self.controller_port = free_ports(2)
        self.process: subprocess.Popen[bytes] | None = None
        self.format_with: list[str] = []  # further arguments for formatting the storage
        self.ready_seconds: float | None = None  # a broker that hides behind TLS cannot be asked whether it is up
        heap = os.environ.get("TOCSIN_TEST_KAFKA_HEAP", "512m")
        quick = "-XX:TieredStopAtLevel=1"  # a broker of a few minutes does not earn back the thorough compiler
        self.java = [
            java,
            quick,
            "-Xms128m",
            f"-Xmx{heap}",
            "-Dorg.apache.logging.log4j.level=WARN",
            "-cp",
            f"{jars()}/*",
        ]

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process, "not started"
        return self.process.pid

    def start(self) -> "Broker":
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "server.properties"
        config.write_text("".join(f"{key}={value}\n" for key, value in (self._properties() | self.settings).items()))
        if not (self.folder / "data" / "meta.properties").exists():
            format_storage = [
                "kafka.tools.StorageTool",
                "format",
                "-t",
                CLUSTER_ID,
                "-c",
                str(config),
                *self.format_with,
            ]
            subprocess.run([*self.java, *format_storage], check=True, capture_output=True)
        with (self.folder / "server.log").open("ab") as log:
            run = [*self.java, "kafka.Kafka", str(config)]
            self.process = subprocess.Popen(run, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        self._await_ready()
        return self

    def stop(self, signum: int = signal.SIGTERM) -> None:
        """Orderly, or as a crash with SIGKILL; the data stay."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signum)
            self.process.wait(STOP_TIMEOUT)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def _properties(self) -> dict[str, str]:
        one_copy = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": str(self.folder / "data"),
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": "0",
            "broker.session.timeout.ms": "3000",  # a broker that was killed may come back after so long
            "log.cleaner.dedupe.buffer.size": str(16 << 20),
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.min.isr": "1",
            **{f"{topic}.replication.factor": "1" for topic in one_copy},
            **{f"{topic}.num.partitions": "5" for topic in one_copy},
        }

    def _await_ready(self) -> None:
        limit = time.monotonic() + START_TIMEOUT
        while not (self._listens() if self.ready_seconds is not None else self._answers()):
            if self.process is None or self.process.poll() is not None or time.monotonic() > limit:
                log = (self.folder / "server.log").read_text(errors="replace")
                raise RuntimeError(f"the broker did not come up:\n{log[-3000:]}")
            time.sleep(0.2)

    def _listens(self) -> bool:
        """Whether its port is open, and has been for a while."""
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", self.port)):
                return False
        time.sleep(self.ready_seconds or 0)
        return True

    def _answers(self) -> bool:
        """Whether it reports itself as a live broker (Metadata request, version 7, no topics)."""
        body = struct.pack(">hhih", 3, 7, 1, -1) + struct.pack(">i?", 0, False)
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as link, link.makefile("rb") as answer:
                link.sendall(struct.pack(">i", len(body)) + body)
                return bool(struct.unpack(">iiii", answer.read(16))[3])
        except (OSError, struct.error):
            return False
