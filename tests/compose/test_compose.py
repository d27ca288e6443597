"""docker-compose.yml for real: up, healthy, hardened; a stream through it while processes are killed; nothing lost."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import service

ITEMS = service.ROOT / "streams" / "data" / "demo" / "items.jsonl"

if not os.environ.get("TOCSIN_TEST_COMPOSE"):
    pytest.skip("takes minutes and a Docker engine: make test-compose", allow_module_level=True)
if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode:
    pytest.skip("no Docker engine on this machine", allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def up() -> Iterator[None]:
    subprocess.run(["sh", "deploy/secrets.sh"], cwd=service.ROOT, check=True)
    if not os.environ.get("TOCSIN_TEST_KEEP_IMAGE"):
        service.compose("build")
    service.compose("down", "--volumes", "--timeout", "5")
    began = time.monotonic()
    service.compose("up", "--detach", "--wait", "--wait-timeout", "600")
    say(f"up and healthy in {time.monotonic() - began:.0f} s")
    yield
    service.compose("down", "--volumes", "--timeout", "5")


def test_everything_is_hardened() -> None:
    for name in (*service.OURS, "kafka", "postgres", "prometheus", "alertmanager", "grafana"):
        for each in service.containers(name):
            host, config = each["HostConfig"], each["Config"]
            assert host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"], name
            assert "no-new-privileges:true" in host["SecurityOpt"], name
            assert host["Memory"] and host["PidsLimit"] and not host["Privileged"], name
            assert config["User"].split(":")[0] not in ("", "0", "root"), name
            assert config.get("Healthcheck"), name
            bound = [b["HostIp"] for binds in (host["PortBindings"] or {}).values() for b in binds]
            assert set(bound) <= {"127.0.0.1"}, name
            words = " ".join(config["Env"]).lower()
            assert not any(secret in words for secret in secrets()), name


def test_the_stream_goes_through_while_processes_die(tmp_path: Path) -> None:
    began = time.monotonic()
    lines = ITEMS.read_bytes().splitlines(keepends=True)
    parts = [lines[i : i + len(lines) // 4 + 1] for i in range(0, len(lines), len(lines) // 4 + 1)]
    for number, (part, victim) in enumerate(zip(parts, ("extract", "resolve", "relay", "extract"), strict=True)):
        file = tmp_path / f"part-{number}.jsonl"
        file.write_bytes(b"".join(part))
        service.tocsin("produce", "--from", str(file))
        if number == 0:
            first_alert(began)
        service.kill(victim)
    for name in service.OURS:
        assert service.healthy(name), name
    assert settled(len(lines)), service.compose("logs", "--tail", "50", *service.OURS)
    delivered = Counter(
        json.loads(line)["alert_id"] for line in service.tocsin("tail", "--from-start", "--json", "--idle", "5")
    )
    assert set(delivered) == set(service.query("SELECT alert_id FROM outbox"))
    assert service.tocsin("dlq", "list") == []
    assert told_together() == replayed()
    say(f"{len(lines)} items, {len(delivered)} alerts, nothing lost over four kills")


def test_the_page_and_the_api_show_what_is_known() -> None:
    address = f"http://127.0.0.1:{service.PORTS['WEB']}"
    with urllib.request.urlopen(f"{address}/api/v1/incidents?limit=500", timeout=10) as answer:
        shown = {each["incident_id"] for each in json.load(answer)["incidents"]}
    assert shown == set(service.query("SELECT incident_id FROM incidents"))
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert b"/static/list.js" in answer.read()


def test_more_workers_share_the_work() -> None:
    service.compose("up", "--detach", "--wait", "--scale", "extract=3", "--no-recreate")
    assert len(service.containers("extract")) == 3 and service.healthy("extract")
    assert wait_for(lambda: shares() == [4, 4, 4]), shares()
    service.compose("up", "--detach", "--wait", "--scale", "extract=1", "--no-recreate")


def test_the_image_says_what_is_inside() -> None:
    """Its bill of materials, in CycloneDX, names every package that is installed, by version."""
    listed = json.loads(service.compose("exec", "-T", "relay", "cat", "/opt/tocsin/sbom.cdx.json"))
    assert listed["bomFormat"] == "CycloneDX"
    named = {(part["name"].lower().replace("_", "-"), part["version"]) for part in listed["components"]}
    ask = "from importlib.metadata import distributions as all\nfor d in all(): print(d.name.lower().replace('_', '-'), d.version)"
    there = service.compose("exec", "-T", "relay", "python", "-c", ask).splitlines()
    assert {tuple(line.split()) for line in there} <= named and len(there) > 50


def test_prometheus_sees_every_process_and_knows_the_rules() -> None:
    def seen() -> set[str]:
        found = ask('/api/v1/query?query=up%7Bjob="tocsin"%7D==1')["result"]
        return {each["metric"]["service"] for each in found}

    assert wait_for(lambda: set(service.OURS) <= seen())
    rules = [rule["name"] for group in ask("/api/v1/rules")["groups"] for rule in group["rules"]]
    assert "TocsinHeartbeatLost" in rules
    assert wait_for(
        lambda: ask("/api/v1/query?query=tocsin_heartbeat_timestamp_seconds%7Bstage=%22relay%22%7D")["result"]
    )
    assert ask("/api/v1/alertmanagers")["activeAlertmanagers"]


def test_grafana_took_the_provisioning() -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{service.PORTS['GRAFANA']}/api/health", timeout=10) as answer:
        assert answer.status == 200


def test_grafana_reads_and_cannot_write() -> None:
    def psql(sql: str) -> str:
        command = (
            f'PGPASSWORD=$(cat /run/secrets/grafana_db_password) psql -h 127.0.0.1 -U grafana -d tocsin -At -c "{sql}"'
        )
        return service.compose("exec", "-T", "postgres", "sh", "-c", command)

    assert int(psql("SELECT count(*) FROM incidents")) > 0
    with pytest.raises(AssertionError, match="read-only|permission denied"):
        psql("DELETE FROM incidents")


def shares() -> list[int]:
    """How many partitions each worker that extracts has, as the broker says."""
    tool = ("exec", "-T", "kafka", "/opt/kafka/bin/kafka-consumer-groups.sh", "--bootstrap-server", "localhost:9092")
    lines = service.compose(*tool, "--describe", "--group", "tocsin-extract", "--members").splitlines()
    return sorted(int(line.split()[-1]) for line in lines if line.startswith("tocsin-extract"))


def secrets() -> list[str]:
    return [file.read_text().lower() for file in (service.ROOT / ".secrets").iterdir()]


def first_alert(began: float) -> None:
    assert wait_for(lambda: service.tocsin("tail", "--from-start", "--json", "--idle", "1")), "no alert came"
    say(f"first alert {time.monotonic() - began:.0f} s after the first item was sent")


def settled(items: int) -> bool:
    """All items are in the state, and the relay has published all that came of them."""
    left = (
        "SELECT (SELECT count(DISTINCT item_key) FROM items) || ' ' || (SELECT coalesce(max(seq), 0) FROM outbox) || ' ' ||"
        " coalesce((SELECT value FROM positions WHERE name = 'sink:kafka.alerts.v1'), '0')"
    )
    keys = len({(item["source_id"], item["external_id"]) for item in map(json.loads, ITEMS.read_bytes().splitlines())})

    def done() -> bool:
        there, written, published = map(int, service.query(left)[0].split())
        return there == keys and written == published and items > 0

    return wait_for(done, 300) and wait_for(done)


def told_together() -> set[tuple[str, ...]]:
    """Which items are together in the open incidents."""
    bodies = service.query("SELECT body FROM incidents WHERE status = 'open'")
    return {tuple(json.loads(body)["items"]) for body in bodies}


def replayed() -> set[tuple[str, ...]]:
    """The same for the same items in one process of the same image."""
    replay = ("replay", "/demo/items.jsonl", "--incidents", "-", "--alerts", "/dev/null")
    lines = service.compose("run", "--rm", "--no-deps", "-T", "demo", *replay).splitlines()
    found = [json.loads(line) for line in lines]
    return {tuple(each["items"]) for each in found if each["status"] == "open"}


def say(message: str) -> None:
    """A figure for whoever runs it."""
    sys.stderr.write(f"\n{message}\n")


def ask(path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{service.PORTS['PROMETHEUS']}{path}", timeout=10) as answer:
        return json.load(answer)["data"]


def wait_for(check: Any, seconds: float = 120) -> Any:
    limit = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < limit:
        time.sleep(1)
    return answer
