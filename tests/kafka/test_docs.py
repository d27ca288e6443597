"""What the documents say, held against the program: the settings' table, and the examples for consumers, run."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from streams.kafka_envelope import as_headers
from streams.kafka_io import Record, Sender
from streams.kafka_settings import PREFIX, KafkaSettings
from tests.kafka import harness
from tests.kafka.broker import jars
from tests.kafka.harness import wait_for

DOCS = harness.ROOT / "docs"


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (DOCS / "consumers.md").read_text(), re.DOTALL)
    assert found
    return found[1]


def test_every_setting_is_in_the_table_with_its_default() -> None:
    text = (DOCS / "kafka.md").read_text()
    for name, field in KafkaSettings.model_fields.items():
        shown = "–" if field.default in (None, "") else field.default
        assert f"| `{PREFIX}{name.upper()}` | {shown} |" in text, name


def send(topics: KafkaSettings, *alert_ids: str, severity: str = "minor") -> None:
    records = []
    for alert_id in alert_ids:
        value = f'{{"alert_id": "{alert_id}", "kind": "new", "severity": "{severity}", "headline": "told {alert_id}"}}'
        headers = as_headers((("ce_id", alert_id), ("ce_type", "io.tocsin.alert.v1")))
        records.append(Record(topic=f"{topics.prefix}alerts.v1", key=b"i1", value=value.encode(), headers=headers))
    Sender(topics).send(records)


@contextmanager
def running(topics: KafkaSettings, command: list[str], folder: Path) -> Iterator[Path]:
    """An example while it runs; the file that it prints to."""
    given = os.environ | {"BOOTSTRAP": topics.bootstrap_servers, "TOPIC": f"{topics.prefix}alerts.v1"}
    with (folder / "printed").open("wb") as out:
        child = subprocess.Popen(command, env=given, stdout=out, cwd=folder, start_new_session=True)
    try:
        yield folder / "printed"
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def consumed(topics: KafkaSettings, command: list[str], folder: Path) -> list[str]:
    """What an example prints when one alert came, came again, and another came."""
    send(topics, "a1", "a1", "a2")
    with running(topics, command, folder) as printed:
        wait_for(lambda: "told a2" in printed.read_text(), 90)
    return [line for line in printed.read_text().splitlines() if "told" in line]


@pytest.mark.kafka
def test_the_python_example_drops_repeats(topics: KafkaSettings, folder: Path) -> None:
    (folder / "consume.py").write_text(example("python"))
    assert len(consumed(topics, [sys.executable, "consume.py"], folder)) == 2


@pytest.mark.kafka
def test_the_kcat_examples_show_what_is_there_and_what_comes(topics: KafkaSettings, folder: Path) -> None:
    if missing := [name for name in ("kcat", "jq") if not shutil.which(name)]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    found = re.search(r"## kcat\n```\n(.*?)```", (DOCS / "consumers.md").read_text(), re.DOTALL)
    assert found
    here = (
        found[1].replace("localhost:29092", topics.bootstrap_servers).replace("alerts.v1", f"{topics.prefix}alerts.v1")
    )
    all_there, as_they_come = here.strip().splitlines()
    send(topics, "a1")
    shown = subprocess.run(["sh", "-c", all_there], capture_output=True, text=True, timeout=60).stdout
    assert "ce_id=a1" in shown and "told a1" in shown
    with running(topics, ["sh", "-c", as_they_come], folder) as printed:

        def told() -> bool:
            send(topics, "mild")
            send(topics, "grave", severity="extreme")
            return "told grave" in printed.read_text()

        assert wait_for(told, 60, 1) and "mild" not in printed.read_text()


@pytest.mark.kafka
def test_the_java_example_drops_repeats(topics: KafkaSettings, folder: Path) -> None:
    modules = subprocess.run(["java", "--list-modules"], capture_output=True, text=True, check=True).stdout
    if "jdk.compiler" not in modules:
        pytest.skip("not on this machine: a JDK (this Java has no compiler)")
    (folder / "Alerts.java").write_text(example("java"))
    assert len(consumed(topics, ["java", "-cp", f"{jars()}/*", "Alerts.java"], folder)) == 2
