"""What processes use: processor time and resident memory, from Linux' /proc."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICKS = 100  # of /proc's clock, a second


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time that processes and all below them have used."""
    return sum(_own(each) for pid in pids for each in family(pid))


def megabytes(pid: int) -> int:
    """Resident memory of a process and all below it. What they share counts for each."""
    return sum(_resident(each) for each in family(pid))


def family(pid: int) -> list[int]:
    """The process, its children, and theirs."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def _own(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmRSS")), 0)
