"""A fixed share of the processor for a process and all below it: so that adding workers adds processor time.

Linux control groups, version 1 or 2, which only root may make, and not in every container. Where they cannot be made
`CpuBudget` raises UnavailableBudgetError, and what needs it is left out.
"""

import os
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.kafka.processes import family

PERIOD = 100_000  # microseconds in which the share may be used
MOUNT = Path("/sys/fs/cgroup")
_numbers = count()


class UnavailableBudgetError(Exception):
    """No control group can be made here; the message says why."""


class CpuBudget:
    """`cores` of processor time a second for what is put into it. Ending it puts all back and removes the group."""

    def __init__(self, cores: float, mount: Path = MOUNT) -> None:
        older = mount / "cpu" / "cpu.cfs_period_us"
        self._parent = older.parent if older.exists() else mount
        quota = round(cores * PERIOD)
        self._limits = (
            {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": str(quota)}
            if older.exists()
            else {"cpu.max": f"{quota} {PERIOD}"}
        )
        self._group = self._parent / f"tocsin-bench-{os.getpid()}-{next(_numbers)}"

    def __enter__(self) -> Self:
        try:
            self._group.mkdir()
            for name, value in self._limits.items():
                if not (self._group / name).exists():
                    raise FileNotFoundError(f"{self._group / name}: the group has no limit of processor time")
                (self._group / name).write_text(value)
        except OSError as error:
            self._remove()
            raise UnavailableBudgetError(str(error)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid in (self._group / "cgroup.procs").read_text().split():
            with suppress(OSError):  # ended meanwhile
                (self._parent / "cgroup.procs").write_text(pid)
        self._remove()

    def limit(self, pid: int) -> None:
        """From now on the process and all below it share the budget; what it starts later, too."""
        for each in family(pid):
            (self._group / "cgroup.procs").write_text(str(each))

    def _remove(self) -> None:
        for _ in range(50):  # the group of a process that has just ended is busy for a moment
            try:
                self._group.rmdir()
                return
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.1)
