"""The service in containers, under a project name and ports of its own."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "tocsin-test"
PORTS = {"KAFKA": "39092", "PROMETHEUS": "39090", "ALERTMANAGER": "39093", "GRAFANA": "33000", "WEB": "38420"}
ENVIRONMENT = os.environ | {f"TOCSIN_{name}_PORT": port for name, port in PORTS.items()}
OURS = ("producer", "extract", "resolve", "relay", "sinks", "web")


def compose(*words: str, timeout: float = 1800) -> str:
    """Runs docker compose; its words are in the error where it fails."""
    run = ["docker", "compose", "--project-name", PROJECT, "--profile", "monitoring", *words]
    done = subprocess.run(run, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise AssertionError(f"{' '.join(run)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def containers(service: str) -> list[dict[str, Any]]:
    """What Docker says of a service's running containers."""
    found = compose("ps", "--quiet", service).split()
    return list(json.loads(subprocess.run(["docker", "inspect", *found], capture_output=True, text=True).stdout))


def kill(service: str) -> None:
    """A crash: compose's own kill would count as stopped by hand."""
    subprocess.run(["kill", "-9", str(containers(service)[0]["State"]["Pid"])], check=True)


def healthy(service: str, seconds: float = 180) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        states = [each["State"].get("Health", {}).get("Status") for each in containers(service)]
        if states and set(states) == {"healthy"}:
            return True
        time.sleep(2)
    return False


def tocsin(*words: str, timeout: float = 600) -> list[bytes]:
    """The command on the host, against the containers' Kafka; its lines."""
    given = ENVIRONMENT | {"TOCSIN_KAFKA_BOOTSTRAP_SERVERS": f"localhost:{PORTS['KAFKA']}"}
    done = subprocess.run(["tocsin", *words], cwd=ROOT, env=given, capture_output=True, timeout=timeout)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.splitlines()


def query(sql: str) -> list[str]:
    """Lines of one column out of the database."""
    shell = ("exec", "-T", "postgres", "psql", "-U", "tocsin", "-d", "tocsin", "-At", "-c", sql)
    return compose(*shell).splitlines()
