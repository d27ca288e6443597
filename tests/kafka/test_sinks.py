"""The sinks' process on a real broker: every alert once, in order, whatever kills it; watch rules remember."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from streams import codec
from streams.kafka_io import Record, Sender
from streams.kafka_settings import KafkaSettings
from tests.kafka import harness
from tests.kafka.harness import wait_for

pytestmark = pytest.mark.kafka
RUN = [sys.executable, "-c", "from streams.cli import main; main()", "worker", "--stage", "sinks"]
RULES = '[[rule]]\nname = "grave"\nseverity = "severe"\n'


class Sinks:
    """`tocsin worker --stage sinks` with a file as its sink; killed and started as often as wanted."""

    def __init__(self, settings: KafkaSettings, folder: Path, rules: str | None = None) -> None:
        self.file, self.log = folder / "alerts.jsonl", folder / "sinks.log"
        self.environment = harness.environment(settings, f"sqlite:///{folder / 'state.db'}")
        self.environment |= {"TOCSIN_SINKS_JSONL": str(self.file), "TOCSIN_METRICS_PORT": "0"}
        if rules:
            (folder / "rules.toml").write_text(rules)
            self.environment["TOCSIN_RULES"] = str(folder / "rules.toml")

    def __enter__(self) -> "Sinks":
        self.child = subprocess.Popen(RUN, env=self.environment, stderr=self.log.open("ab"))
        return self

    def __exit__(self, *_: object) -> None:
        self.child.kill()
        self.child.wait()

    def ids(self) -> list[str]:
        return (
            [json.loads(line)["alert_id"] for line in self.file.read_bytes().splitlines()] if self.file.exists() else []
        )


def has(sinks: Sinks, most: int) -> bool:
    return len(sinks.ids()) >= most


@pytest.fixture(scope="module")
def incident() -> Any:
    return next(iter(harness.embedded(harness.stream(30)).values()))


def records(settings: KafkaSettings, incident: Any, *alerts: tuple[str, str, str, str]) -> list[Record]:
    """Of (alert id, incident id, kind, severity)."""
    common = {"version": 1, "reason": [], "sent_at": "2026-03-01T00:00:00Z", "headline": "h", "incident": incident}
    return [
        Record(
            topic=f"{settings.prefix}alerts.v1",
            key=about.encode(),
            value=codec.encode(common | {"alert_id": name, "incident_id": about, "kind": kind, "severity": severity}),
        )
        for name, about, kind, severity in alerts
    ]


def test_each_alert_once_whatever_kills_it(topics: KafkaSettings, incident: Any, tmp_path: Path) -> None:
    made = [(f"a{n:03}", f"i{n % 7}", "update", "minor") for n in range(300)]
    sender = Sender(topics)
    for start in range(0, 300, 100):
        with Sinks(topics, tmp_path) as sinks:  # each is killed as soon as it is well into its part
            sender.send(records(topics, incident, *made[start : start + 100]))
            assert wait_for(partial(has, sinks, start + 60)), sinks.log.read_text()
    with Sinks(topics, tmp_path) as sinks:
        assert wait_for(partial(has, sinks, 300)), sinks.log.read_text()
    assert sorted(sinks.ids()) == [name for name, *_ in made]
    by_incident = {about: [name for name, own, *_ in made if own == about] for _, about, *_ in made}
    given = sinks.ids()
    assert all([name for name in given if name in names] == names for names in by_incident.values())


def test_what_is_no_alert_blocks_nothing(topics: KafkaSettings, incident: Any, tmp_path: Path) -> None:
    bad = [Record(topic=f"{topics.prefix}alerts.v1", key=b"i0", value=value) for value in (b"no JSON", None, b"{}")]
    Sender(topics).send([*bad, *records(topics, incident, ("a0", "i0", "new", "minor"))])
    with Sinks(topics, tmp_path) as sinks:
        assert wait_for(lambda: sinks.ids() == ["a0"]), sinks.log.read_text()


def test_who_was_told_before_a_restart_is_told_of_its_end(topics: KafkaSettings, incident: Any, tmp_path: Path) -> None:
    sender = Sender(topics)
    sender.send(records(topics, incident, ("a0", "i0", "new", "severe"), ("a1", "i1", "new", "minor")))
    with Sinks(topics, tmp_path, RULES) as sinks:
        assert wait_for(lambda: sinks.ids() == ["a0"]), sinks.log.read_text()
        sender.send(records(topics, incident, ("a2", "i2", "new", "severe")))
        assert wait_for(lambda: sinks.ids() == ["a0", "a2"]), sinks.log.read_text()
    sender.send(records(topics, incident, ("a3", "i1", "retraction", "minor"), ("a4", "i0", "retraction", "minor")))
    with Sinks(topics, tmp_path, RULES) as sinks:
        assert wait_for(lambda: sinks.ids() == ["a0", "a2", "a4"]), sinks.log.read_text()
