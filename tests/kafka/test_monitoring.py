"""The service watched by a real Prometheus: every query of every panel and rule is valid, and finds something."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import yaml

from streams.kafka_heartbeat import heartbeat
from streams.kafka_io import Sender
from streams.kafka_settings import KafkaSettings
from tests.kafka import harness
from tests.kafka.broker import UnavailableServerError, free_ports
from tests.kafka.harness import Workers, record, wait_for
from tests.kafka.programs import program

DEPLOY = harness.ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
FEED = """<rss version="2.0"><channel><title>t</title><item><guid>g1</guid><title>Nothing much</title>
<description>A quiet day.</description><pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"""


def prometheus_program(name: str) -> str:
    try:
        return program(name)
    except UnavailableServerError as error:
        if os.environ.get("TOCSIN_TEST_STRICT"):
            pytest.fail(str(error))
        pytest.skip(f"not on this machine: {error}")


def test_each_rule_fires_and_stays_silent_as_it_should() -> None:
    tests = DEPLOY / "prometheus" / "rules.test.yml"
    done = subprocess.run([prometheus_program("promtool"), "test", "rules", str(tests)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_and_alertmanager_take_their_configuration() -> None:
    checks = (
        ("promtool", "check", "config", "--syntax-only", str(DEPLOY / "prometheus" / "prometheus.yml")),
        ("amtool", "check-config", str(DEPLOY / "alertmanager" / "alertmanager.yml")),
    )
    for name, *words in checks:
        done = subprocess.run([prometheus_program(name), *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("severity", "receiver"), [("page", "page"), ("ticket", "ticket")])
def test_alerts_are_routed_by_severity(severity: str, receiver: str) -> None:
    route = ("config", "routes", "test", f"--config.file={DEPLOY / 'alertmanager' / 'alertmanager.yml'}")
    run = [prometheus_program("amtool"), *route, f"severity={severity}"]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == receiver


def test_each_alert_has_both_cases_and_a_runbook() -> None:
    cases = yaml.safe_load((DEPLOY / "prometheus" / "rules.test.yml").read_text())["tests"]
    asked = [each for case in cases for each in case["alert_rule_test"]]
    runbooks = (harness.ROOT / "docs" / "runbooks.md").read_text()
    for rule in rules():
        if name := rule.get("alert"):
            firing = {bool(each["exp_alerts"]) for each in asked if each["alertname"] == name}
            assert firing == {True, False}, name
            assert f"## {name}\n" in runbooks and rule["annotations"]["runbook_url"].endswith(f"#{name.lower()}")


def test_dashboards_are_as_the_generator_makes_them() -> None:
    check = [sys.executable, "tools/build_dashboards.py", "--check"]
    assert subprocess.run(check, cwd=harness.ROOT).returncode == 0


@pytest.mark.kafka
@pytest.mark.postgres
@pytest.mark.slow
def test_every_query_finds_something(topics: KafkaSettings, database: str, folder: Path) -> None:
    ports = dict(zip(("extract", "resolve", "relay", "produce", "prometheus"), free_ports(5), strict=True))
    serving = {f"TEST_METRICS_{stage.upper()}": str(port) for stage, port in ports.items()}
    sender = Sender(topics)
    with Workers(topics, database, folder, **serving) as workers, feed() as address:
        workers.start("extract", "resolve", "relay")
        produce(workers, folder, address, ports["produce"])
        with prometheus(folder, ports) as ask:
            sender.send([record(topics, each) for each in harness.stream(80)])
            assert wait_for(lambda: ask("tocsin_consumer_lag_records"), every=1)
            sender.send([record(topics, harness.item("p", str(n), "poison")) for n in range(3)])
            for each in harness.stream(150)[80:]:  # over several scrapes, so that there are rates
                sender.send([record(topics, each)])
                time.sleep(0.15)
            sender.send([record(topics, heartbeat(harness.START))])
            for query in queries():
                assert wait_for(partial(ask, query), 60, 1), f"nothing from {query}"
            known = set(names(ports["prometheus"]))
            for rule in rules():
                ask(rule["expr"])
                assert set(re.findall(r"(?:stage:)?tocsin_\w+(?::\w+)?", rule["expr"])) <= known, rule
    engine = sqlalchemy.create_engine(database)
    for sql in statements():
        with engine.connect() as connection:
            assert connection.execute(sqlalchemy.text(sql)).all(), sql
    engine.dispose()


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def targets() -> Iterator[dict[str, Any]]:
    for file in sorted((DEPLOY / "grafana" / "dashboards").glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            yield from panel.get("targets", [])


def queries() -> list[str]:
    return [target["expr"] for target in targets() if "expr" in target]


def statements() -> list[str]:
    """The panels' SQL with Grafana's macros filled in."""
    found = (target["rawSql"] for target in targets() if "rawSql" in target)
    return [re.sub(r"\$__timeFilter\(((?:[^()]|\([^()]*\))*)\)", r"\1 > '1970-01-01'", sql) for sql in found]


def names(port: int) -> list[str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/label/__name__/values", timeout=10) as answer:
        return list(json.load(answer)["data"])


@contextmanager
def prometheus(folder: Path, ports: dict[str, int]) -> Iterator[Any]:
    """A Prometheus with the project's rules on these targets; gives a function that asks it."""
    stages = [
        {"targets": [f"127.0.0.1:{port}"], "labels": {"service": s}} for s, port in ports.items() if s != "prometheus"
    ]
    quick = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    scrape = [{"job_name": "tocsin", "static_configs": stages}]
    config = {"global": quick, "rule_files": [str(RULES)], "scrape_configs": scrape}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    where, data = f"127.0.0.1:{ports['prometheus']}", folder / "tsdb"
    run = [
        prometheus_program("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={data}",
    ]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen([*run, f"--web.listen-address={where}"], stdout=log, stderr=log)

    def ask(query: str) -> list[Any]:
        url = f"http://{where}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return list(json.load(answer)["data"]["result"])
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE:  # it has only begun
                return []
            raise AssertionError(f"{query}: {error.read().decode()}") from None
        except OSError:
            return []

    try:
        yield ask
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def feed() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(FEED.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/feed.xml"
    server.shutdown()


def produce(workers: Workers, folder: Path, address: str, port: int) -> None:
    """The real producer on one feed."""
    (folder / "sources.toml").write_text(f'[[source]]\nid = "local"\nurl = "{address}"\n')
    given = {"TOCSIN_SOURCES": str(folder / "sources.toml"), "TOCSIN_METRICS_PORT": str(port)}
    environment = workers.environment | given | {"TOCSIN_FETCH_ALLOW_PRIVATE": "true"}
    run = [sys.executable, "-c", "from streams.cli import main; main()", "produce"]
    with (folder / "produce.log").open("wb") as log:
        workers.running.append(("produce", subprocess.Popen(run, env=environment, stdout=log, stderr=log)))
