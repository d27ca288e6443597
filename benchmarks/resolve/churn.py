"""What consumers see of a stream as it goes: alerts an incident, alerts taken back, values that change back, waiting.

usage: python -m benchmarks.resolve.churn SCENARIO_DIR... [--levels perfect mild real | --read]
With `--read` the items go through the whole pipeline; else mentions are made from gold slots. Times are the items' own.
A value changes back when a version gives back what a later one had replaced (A, B, A), `told` where a reader of the alerts
sees it; `within a minute` counts those whose two changes are at most a minute apart. Taken back: alerts of a correction,
retraction or merge, each of which says that an earlier one was wrong. Held: how long after its version a later alert goes
out; `more dead` those with a higher figure of the killed alone.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import msgspec

from benchmarks.resolve.gold import LEVELS, load, tellings
from processors.model import Alert, Incident, Item, ItemMentions
from processors.pipeline import Pipeline
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy
from streams.placeindex import ready_index
from streams.replay import Replay
from streams.settings import load as settings

TAKEN_BACK = ("correction", "retraction", "merge")
NEVER = datetime.max.replace(tzinfo=UTC)
SOON = timedelta(minutes=1)
KILLED = re.compile(r"killed (\?|\d+)→(\d+)")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one run showed: alerts by kind and severity, open incidents, changes back, those within a minute and those told
    in alerts; waits of first alerts, of later ones and of those with more dead."""

    alerts: Counter[str]
    severities: Counter[str]
    incidents: int
    flaps: int
    quick_flaps: int
    told_flaps: int
    waits: tuple[timedelta, ...]
    held: tuple[timedelta, ...]
    more_dead: tuple[timedelta, ...]
    days: float


def watch(told: Iterable[ItemMentions]) -> Seen:
    """Replays a stream and counts."""
    run = Replay(Policy(), lambda *_: None)
    run.state = MemoryState(horizon=timedelta(days=400))
    alerts = list(run.run(told))
    incidents = run.state.incidents()
    changes = [c for i in incidents for c in flaps(run.state.versions(i.incident_id))]
    times = [i.first_reported_at for i in incidents if i.first_reported_at]
    later = [a for a in alerts if a.kind != "new"]
    return Seen(
        alerts=Counter(a.kind for a in alerts),
        severities=Counter(a.severity for a in alerts),
        incidents=sum(i.status == "open" for i in incidents),
        flaps=len(changes),
        quick_flaps=sum(c <= SOON for c in changes),
        told_flaps=sum(
            1 for i in incidents for _ in flaps([a.incident for a in alerts if a.incident_id == i.incident_id])
        ),
        waits=tuple(waits(alerts)),
        held=tuple(held(later)),
        more_dead=tuple(held(a for a in later if more_dead(a))),
        days=(max(times) - min(times)) / timedelta(days=1),
    )


def waits(alerts: Iterable[Alert]) -> Iterator[timedelta]:
    """From an incident's first report to its first alert."""
    for alert in alerts:
        if alert.kind == "new" and alert.incident.first_reported_at:
            yield alert.sent_at - alert.incident.first_reported_at


def held(alerts: Iterable[Alert]) -> Iterator[timedelta]:
    """From the version that an alert tells to the alert."""
    for alert in alerts:
        if alert.incident.updated_at:
            yield alert.sent_at - alert.incident.updated_at


def more_dead(alert: Alert) -> bool:
    """It gives a higher figure of the killed than the alert before."""
    found = (KILLED.fullmatch(reason) for reason in alert.reason)
    return any(int(m[2]) > (0 if m[1] == "?" else int(m[1])) for m in found if m)


def flaps(versions: Sequence[Incident]) -> Iterator[timedelta]:
    """The time between change and change back, for each value that changed back."""
    for slot in zip(*map(published, versions), strict=True):
        held: list[tuple[object, datetime]] = []
        for version, value in zip(versions, slot, strict=True):
            if held and held[-1][0] == value:
                continue
            held.append((value, version.updated_at or NEVER))
            if len(held) > 2 and held[-3][0] == value:
                yield held[-1][1] - held[-2][1]


def published(incident: Incident) -> tuple[object, ...]:
    """The values whose change a consumer acts on."""
    target = next((p.name or p.text for p in incident.places if p.role == "target"), None)
    tolls = tuple(t.best if t else None for t in (incident.killed, incident.injured))
    day = incident.when.local_date if incident.when else None
    return (incident.status, incident.event_type, target, day, incident.outcome, *tolls)


def line(seen: Seen) -> str:
    """The figures in one line."""
    total = sum(seen.alerts.values())
    back = sum(seen.alerts[k] for k in TAKEN_BACK)
    return (
        f"{seen.incidents} open, {total} alerts ({total / max(1, seen.incidents):.2f} an incident, {total / seen.days:.0f} "
        f"a day), {back} take an earlier one back ({back / total:.0%}); {dict(seen.alerts)}, {dict(seen.severities)}; "
        f"{seen.flaps} changes back, {seen.quick_flaps} within a minute, {seen.told_flaps} told; median and p95 in minutes: "
        f"first {spread(seen.waits)}, held {spread(seen.held)}, more dead {spread(seen.more_dead)}"
    )


def spread(times: Iterable[timedelta]) -> str:
    """Median and 95th percentile, in minutes."""
    minutes = [t / timedelta(minutes=1) for t in times]
    if len(minutes) < 2:
        return "too few"
    return f"{median(minutes):.0f}, {quantiles(minutes, n=20)[-1]:.0f}"


def read(folder: Path) -> list[ItemMentions]:
    """What the pipeline makes of a scenario's items."""
    lines = (folder / "items.jsonl").read_text("utf8").splitlines()
    return Pipeline(ready_index(settings(), print)).read(
        [msgspec.json.decode(x, type=Item) for x in lines if x.strip()]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=["perfect", "mild", "real"])
    parser.add_argument("--read", action="store_true")
    args = parser.parse_args()
    for folder in args.folders:
        if args.read:
            print(f"{folder.name} read: {line(watch(read(folder)))}", flush=True)
            continue
        for level in args.levels:
            print(f"{folder.name} {level}: {line(watch(tellings(load(folder), LEVELS[level], 1)))}", flush=True)


if __name__ == "__main__":
    main()
