"""Prometheus's programs for the tests: the system's, or taken out of the image that docker-compose.yml names."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.kafka.broker import CACHE, UnavailableServerError

COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"


def program(name: str) -> str:
    """Path of `prometheus`, `promtool` or `amtool`."""
    if found := shutil.which(name):
        return found
    kind = "alertmanager" if name == "amtool" else "prometheus"
    match = re.search(rf"image: (prom/{kind}:\S+)", COMPOSE.read_text())
    image = match[1] if match else ""
    cached = CACHE / f"{name}-{image.rpartition(':')[2]}"
    if not cached.exists():
        _take_out(image, name, cached)
    return str(cached)


def _take_out(image: str, name: str, into: Path) -> None:
    if not shutil.which("docker") or _docker("image", "inspect", image).returncode:
        raise UnavailableServerError(
            f"{name}: install Debian's packages prometheus and prometheus-alertmanager, or pull {image}"
        )
    into.parent.mkdir(parents=True, exist_ok=True)
    made = _docker("create", image).stdout.strip()
    try:
        _docker("cp", f"{made}:/bin/{name}", str(into))
    finally:
        _docker("rm", made)
    if not into.exists():
        raise UnavailableServerError(f"{name}: not in {image}")


def _docker(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *words], capture_output=True, text=True)
