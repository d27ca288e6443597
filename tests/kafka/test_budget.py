"""A budget of processor time for the benchmark: it holds for a process and its children, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kafka.budget import MOUNT, PERIOD, CpuBudget, UnavailableBudgetError
from benchmarks.kafka.processes import family, processor_seconds

BUSY = "import subprocess, sys\nif not sys.argv[1:]: subprocess.Popen([sys.executable, '-c', 'while 1: pass'])\nwhile 1: pass"


@pytest.fixture
def busy() -> Iterator[int]:
    """Two processes, one started by the other, that never rest."""
    child = subprocess.Popen([sys.executable, "-c", BUSY])
    while len(family(child.pid)) < 2:
        time.sleep(0.05)
    yield child.pid
    for each in reversed(family(child.pid)):
        os.kill(each, signal.SIGKILL)
    child.wait()


def test_a_process_and_its_child_share_what_they_are_given(busy: int) -> None:
    groups = set(MOUNT.rglob("tocsin-bench-*"))
    try:
        with CpuBudget(0.2) as budget:
            budget.limit(busy)
            time.sleep(0.5)
            before, began = processor_seconds([busy]), time.monotonic()
            time.sleep(2)
            used = (processor_seconds([busy]) - before) / (time.monotonic() - began)
    except UnavailableBudgetError as error:
        pytest.skip(f"not on this machine: {error}")
    assert 0.05 < used < 0.3
    assert set(MOUNT.rglob("tocsin-bench-*")) == groups


def test_where_no_group_can_limit_time_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnavailableBudgetError, match="no limit"), CpuBudget(0.5, tmp_path):
        pytest.fail("let in")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UnavailableBudgetError), CpuBudget(0.5, tmp_path / "missing"):
        pytest.fail("let in")


def test_both_versions_of_control_groups_are_spoken_to(tmp_path: Path) -> None:
    (tmp_path / "cpu").mkdir()
    assert CpuBudget(0.25, tmp_path)._limits == {"cpu.max": f"{PERIOD // 4} {PERIOD}"}
    (tmp_path / "cpu" / "cpu.cfs_period_us").touch()
    assert CpuBudget(0.25, tmp_path)._limits["cpu.cfs_quota_us"] == str(PERIOD // 4)
