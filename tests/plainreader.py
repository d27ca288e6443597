"""A reader for tests of the runtimes: items whose body says in plain code what they tell, so that no model is needed.

A body is `<event type> at <name> <lat>,<lon> [killed <n>]`, several joined by `;`; anything else tells nothing.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec

from processors.model import Count, EventType, Item, ItemMentions, Mention, Modality, Place, Span, When
from processors.normalize import fingerprint

TELLING = re.compile(r"(\w+) at (\w+) (-?[\d.]+),(-?[\d.]+)(?: killed (\d+))?")


class PlainReader:
    """Implements `topology.Reader`."""

    def read(self, items: Sequence[Item]) -> list[ItemMentions]:
        return [told_by(item) for item in items]


def told_by(item: Item) -> ItemMentions:
    return ItemMentions(
        item=item.ref,
        source_id=item.source_id,
        external_id=item.external_id,
        revision=item.revision,
        kind=item.kind,
        published_at=item.published_at,
        fetched_at=item.fetched_at,
        lang="en",
        title=item.title,
        fingerprint=fingerprint(item.body),
        mentions=tuple(_mention(m, item) for m in TELLING.finditer(item.body)),
    )


def _mention(match: re.Match[str], item: Item) -> Mention:
    kind, name, lat, lon, killed = match.groups()
    day = item.published_at.replace(hour=0, minute=0, second=0, microsecond=0)
    place = Place(
        role="target",
        text=name,
        start=match.start(2),
        end=match.end(2),
        precision="locality",
        name=name,
        country="SD",
        lat=float(lat),
        lon=float(lon),
        radius_km=5.0,
    )
    return Mention(
        event_type=EventType(kind),
        trigger=Span(match.start(1), match.end(1), kind),
        modality=Modality.ACTUAL,
        confidence=0.9,
        when=When(start=day, end=day + timedelta(days=1), precision="day", local_date=day.date().isoformat()),
        places=(place,),
        killed=Count(min=int(killed), max=int(killed), text=killed) if killed else None,
        words=match[0],
    )


PLACES = tuple((f"Town{n}", 4.0 + 3 * (n % 6), 20.0 + 4 * (n // 6)) for n in range(24))  # far from each other
AT_A_TIME = 3  # places that are in the news together
METHODS = ("bombing", "shooting", "airstrike")


def stream(count: int, seed: int = 1) -> list[Item]:
    """Repeats of incidents, edits, deletions, equal times, items that tell nothing; ordered by time."""
    chance, clock = Random(seed), datetime(2026, 3, 1, 6, tzinfo=UTC)
    items: list[Item] = []
    newest: dict[str, Item] = {}
    for number in range(count):
        clock += timedelta(minutes=chance.choice((0, 0, 1, 7, 45, 200)))
        if newest and chance.random() < 0.15:
            item = _revised(newest[chance.choice(sorted(newest))], clock, chance)
        else:
            item = _new(number, clock, chance)
        newest[item.key] = item
        items.append(item)
    return items


def _new(number: int, clock: datetime, chance: Random) -> Item:
    name, lat, lon = PLACES[(number // 8 + chance.randrange(AT_A_TIME)) % len(PLACES)]
    body = f"{chance.choice(METHODS)} at {name} {lat},{lon} killed {chance.randrange(6)}"
    return Item(
        source_id=f"s{chance.randrange(8)}",
        external_id=str(number),
        kind="new",
        published_at=clock,
        body=body if chance.random() < 0.8 else "the market was calm",
    )


def _revised(item: Item, clock: datetime, chance: Random) -> Item:
    gone = chance.random() < 0.4
    return msgspec.structs.replace(
        item,
        revision=item.revision + 1,
        kind="deleted" if gone else "edited",
        body="" if gone else re.sub(r"killed \d+", f"killed {chance.randrange(9)}", item.body),
        published_at=clock,
    )
