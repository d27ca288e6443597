"""What items tell, made by hand for the tests of resolving, and a stream pushed through it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from processors.model import (
    Actor,
    Alert,
    Claim,
    Count,
    EventType,
    Incident,
    ItemMentions,
    Kind,
    Mention,
    Modality,
    Place,
    Precision,
    Span,
    Weapon,
    When,
)  # fmt: skip
from processors.normalize import fingerprint
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, flush_due, resolve

START = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)
TOWNS = {
    "Mardan": (34.2, 72.05, "PK"),
    "Swabi": (34.12, 72.47, "PK"),
    "Gao": (16.27, -0.04, "ML"),
    "Kidal": (18.44, 1.41, "ML"),
}


def at(hours: float) -> datetime:
    """So many hours after the stream's start."""
    return START + timedelta(hours=hours)


def place(town: str, precision: Precision = "locality") -> Place:
    lat, lon, country = TOWNS[town]
    return Place(
        role="target",
        text=town,
        start=0,
        end=len(town),
        precision=precision,
        name=town,
        country=country,
        lat=lat,
        lon=lon,
    )


def day(offset: int = 0) -> When:
    start = START.replace(hour=0) + timedelta(days=offset)
    return When(start=start, end=start + timedelta(days=1), precision="day", local_date=start.date().isoformat())


def mention(
    words: str,
    town: str | None = "Mardan",
    kind: EventType = EventType.BOMBING,
    modality: Modality = Modality.ACTUAL,
    when: When | None = None,
    killed: int | None = None,
    injured: int | None = None,
    claims: tuple[Claim, ...] = (),
    by: str | None = None,
    perpetrators: tuple[Actor, ...] = (),
    weapons: tuple[Weapon, ...] = (),
    **rest: object,
) -> Mention:
    """A mention; `by` is the speaker whose words its toll is."""
    tolls = {"killed": killed, "injured": injured}
    said = [
        Claim(slot=s, value=n, stance="confirms", by=by, quote=str(n)) for s, n in tolls.items() if by and n is not None
    ]
    return Mention(
        event_type=kind, trigger=Span(0, 5, words[:5]), modality=modality, confidence=0.8, words=words, when=when or day(),
        places=(place(town),) if town else (), claims=(*claims, *said), perpetrators=perpetrators, weapons=weapons,
        **{k: Count(min=n, max=n) for k, n in tolls.items() if n is not None}, **rest,  # type: ignore[arg-type]
    )  # fmt: skip


def told(
    source: str, number: str, hours: float, *mentions: Mention, revision: int = 0, kind: Kind = "new", **rest: object
) -> ItemMentions:
    """An item revision that tells the mentions."""
    text = " ".join(m.words for m in mentions)
    made = ItemMentions(
        item=f"{source}/{number}@{revision}", source_id=source, external_id=number, revision=revision, kind=kind,
        published_at=at(hours), lang="en", fingerprint=fingerprint(text), mentions=mentions,
    )  # fmt: skip
    return msgspec.structs.replace(made, **rest)


class Run:
    """A stream resolved: its state, alerts and verdicts."""

    def __init__(self, stream: Iterable[ItemMentions] = (), policy: Policy | None = None) -> None:
        self.state, self.policy = MemoryState(), policy or Policy()
        self.alerts: list[Alert] = []
        self.verdicts: list[str] = []
        self.clock = START
        for each in stream:
            self.take(each)

    def take(self, each: ItemMentions, now: datetime | None = None) -> None:
        """One item; the clock is the stream's own unless `now` is given."""
        self.clock = max(self.clock, now or each.published_at)
        due = flush_due(self.state, self.clock, self.policy)
        self.state.apply(due)
        changes = resolve(each, self.state, self.clock, self.policy)
        self.state.apply(changes)
        self.alerts += [*due.alerts, *changes.alerts]
        self.verdicts.append(changes.verdict)

    def open(self) -> list[Incident]:
        return [i for i in self.state.incidents() if i.status == "open"]

    def with_status(self, status: str) -> list[Incident]:
        return [i for i in self.state.incidents() if i.status == status]

    def groups(self) -> set[tuple[str, frozenset[str]]]:
        """(status, items) of every incident: what does not depend on ids, versions and alerts."""
        return {(i.status, frozenset(i.items)) for i in self.state.incidents() if i.status != "merged"}
