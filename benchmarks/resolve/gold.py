"""A scenario's stream as the extractor would hand it over, made from its gold, with as much damage as one likes.

Each gold link becomes a mention with the gold's type, place and day and the figures that the item itself gives; seeded
noise then makes slots wrong, coarse or unknown. So resolving can be measured apart from extraction.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from processors.model import (
    Actor,
    Claim,
    Count,
    EventType,
    Item,
    ItemMentions,
    Mention,
    Modality,
    Place,
    Precision,
    Span,
    Weapon,
    When,
)  # fmt: skip
from processors.normalize import document, fingerprint
from processors.resolve.stems import words_of

Gold = dict[str, Any]


class Damage(NamedTuple):
    """Shares of mentions with a slot wrong or missing; `jitter` in km, `missed` mentions not found, `false` noise
    items that give one.
    """

    type_wrong: float = 0
    no_place: float = 0
    coarse: float = 0
    wrong_town: float = 0
    day_off: float = 0
    no_day: float = 0
    no_toll: float = 0
    no_perpetrator: float = 0
    no_weapon: float = 0
    jitter: float = 0
    missed: float = 0
    false: float = 0


LEVELS = {
    "perfect": Damage(),
    "mild": Damage(0.10, 0.10, 0.08, 0.02, 0.04, 0.08, 0.2, 0.2, 0.2, 4),
    "real": Damage(0.18, 0.20, 0.14, 0.03, 0.07, 0.15, 0.3, 0.35, 0.35, 6, 0.15, 0.15),
    "heavy": Damage(0.25, 0.30, 0.20, 0.05, 0.10, 0.20, 0.4, 0.5, 0.5, 8),
}
MIX = {
    "bombing": "explosion_unattributed suicide_bombing landmine",
    "drone_strike": "explosion_unattributed airstrike missile_rocket_artillery",
    "missile_rocket_artillery": "explosion_unattributed airstrike drone_strike",
    "airstrike": "drone_strike missile_rocket_artillery explosion_unattributed",
    "shooting": "armed_clash assassination assault",
    "armed_clash": "shooting raid_arrest missile_rocket_artillery",
    "assassination": "shooting bombing explosion_unattributed",
    "landmine": "bombing explosion_unattributed",
    "suicide_bombing": "bombing explosion_unattributed",
    "raid_arrest": "armed_clash shooting",
    "abduction": "shooting armed_clash",
    "arson_destruction": "explosion_unattributed riot",
    "protest": "riot statement_threat",
    "riot": "protest arson_destruction",
    "accident_disaster": "explosion_unattributed",
    "statement_threat": "missile_rocket_artillery protest",
    "sexual_violence": "assault abduction",
    "explosion_unattributed": "bombing accident_disaster drone_strike",
    "assault": "shooting assassination",
}
FOLD_START = datetime(2025, 9, 10, tzinfo=UTC)


class Stream(NamedTuple):
    """Items and gold of one scenario folder."""

    items: list[Item]
    gold: Gold


def load(folder: Path) -> Stream:
    """items.jsonl and gold.json of a scenario."""
    lines = (folder / "items.jsonl").read_text("utf8").splitlines()
    items = [msgspec.json.decode(line, type=Item) for line in lines]
    return Stream(items, json.loads((folder / "gold.json").read_text("utf8")))


def folded(stream: Stream, towns: int, days: int, seed: int = 5) -> Stream:
    """The same incidents pressed into few towns of one country, 60 km apart, and few days; noise is left out."""
    rng, side = Random(seed), int(towns**0.5 + 0.999)
    gold = json.loads(json.dumps(stream.gold))
    spots = list(range(len(gold["incidents"])))
    rng.shuffle(spots)
    shifts: dict[str, list[timedelta]] = defaultdict(list)
    for incident, spot in zip(gold["incidents"], spots, strict=True):
        day = FOLD_START + timedelta(days=rng.randrange(days))
        shift = day - datetime.fromisoformat(incident["date"]).replace(tzinfo=UTC)
        x, y = divmod(spot % towns, side)
        incident["place"] = {"name": f"town {spot % towns}", "country": "UA", "lat": 48 + 0.54 * x, "lon": 36 + 0.8 * y}
        incident["place"] |= {"precision": "locality"}
        incident["date"] = day.date().isoformat()
        for ref in incident["items"]:
            shifts[ref.rsplit("@", 1)[0]].append(shift)
    kept = [i for i in stream.items if i.key in shifts]
    moved = [msgspec.structs.replace(i, published_at=i.published_at + max(shifts[i.key])) for i in kept]
    gold["noise"] = []
    return Stream(sorted(moved, key=lambda i: i.published_at), gold)


def tellings(stream: Stream, damage: Damage, seed: int) -> Iterator[ItemMentions]:
    """The stream as the extractor would give it."""
    rng = Random(seed)
    links: dict[str, list[Gold]] = defaultdict(list)
    for incident in stream.gold["incidents"]:
        for ref in incident["items"]:
            links[ref].append(incident)
    noise = {n["item"] for n in stream.gold["noise"]}
    towns = [i["place"] for i in stream.gold["incidents"]]
    for item in stream.items:
        text = document(item).text
        told = [] if item.kind == "deleted" else links[item.ref]
        mentions = [_mention(item, g, text, len(told) > 1, damage, rng, towns) for g in told]
        mentions = [m for m in mentions if rng.random() >= damage.missed]
        if item.ref in noise and rng.random() < damage.false:
            mentions = [_false(item, text, rng)]
        yield item_mentions(item, text, mentions)


def item_mentions(item: Item, text: str, mentions: list[Mention]) -> ItemMentions:
    """An item revision with what it tells."""
    names = ("source_id", "external_id", "revision", "kind", "published_at", "channel", "lang", "title", "url")
    same = {n: getattr(item, n) for n in (*names, "forwarded_from", "reply_to")}
    return ItemMentions(item=item.ref, fingerprint=fingerprint(text), mentions=tuple(mentions), **same)


def _mention(item: Item, gold: Gold, text: str, roundup: bool, d: Damage, rng: Random, towns: list[Gold]) -> Mention:
    own = [c for c in gold["claims"] if c["item"] == item.ref]
    words = _sentences(text, gold) if roundup else text
    short = bool(d.type_wrong) and len(text.split()) < 20
    kind = gold["type"]
    if rng.random() < d.type_wrong * (1.6 if short else 1):
        kind = "explosion_unattributed" if short and "explosion" in MIX[kind] else rng.choice(MIX[kind].split())
    denied = [c for c in own if c["slot"] == "occurrence" and c["stance"] == "denies"]
    only_denied = bool(denied) and not any(c["stance"] != "denies" for c in own)
    tolls = {s: None if rng.random() < d.no_toll else _count(own, s) for s in ("killed", "injured")}
    weapon = gold["weapon"] if rng.random() >= d.no_weapon and gold["weapon"] != "unknown" else None
    return Mention(
        event_type=EventType(kind),
        trigger=Span(0, 0, ""),
        modality=Modality.DENIED if only_denied else Modality.ACTUAL,
        withdrawn=only_denied and any(_same_name(c["by"], item.source_id) for c in denied),
        confidence=0.8,
        when=_when(gold, d, rng, short),
        places=_places(gold, d, rng, towns),
        perpetrators=() if rng.random() < d.no_perpetrator else _perpetrators(own),
        weapons=(Weapon(type=weapon, text=weapon),) if weapon else (),
        outcome=gold["outcome"] or "unknown",
        claims=tuple(_claim(c) for c in own),
        words=words,
        rules=(gold["id"],),
        **tolls,
    )


def _false(item: Item, text: str, rng: Random) -> Mention:
    """What a mistaken extractor sees in noise: any type, some place, the day of publication."""
    spot = Place(
        role="target",
        text="x",
        start=0,
        end=1,
        precision="locality",
        lat=rng.uniform(-30, 55),
        lon=rng.uniform(-100, 120),
    )
    kind = EventType(rng.choice(sorted(MIX)))
    return Mention(
        event_type=kind, trigger=Span(0, 0, ""), modality=Modality.ACTUAL, confidence=0.5, words=text, places=(spot,),
        when=_day(item.published_at.replace(hour=0, minute=0, second=0)),
    )  # fmt: skip


def _sentences(text: str, gold: Gold) -> str:
    """The sentences of a round-up that name the incident's place or perpetrator."""
    names = {
        w
        for n in [gold["place"]["name"], *gold["place"].get("native_names", []), *gold["perpetrator"]]
        for w in words_of(n)
    }
    named = {w for w in names if len(w) > 3}
    chosen = [s for s in re.split(r"(?<=[.!?])\s+|\n+", text) if named & set(words_of(s))]
    return " ".join(chosen) or text


def _when(gold: Gold, d: Damage, rng: Random, short: bool) -> When | None:
    if rng.random() < d.no_day * (2 if short else 1):
        return None
    off = rng.choice([-1, 1]) if rng.random() < d.day_off else 0
    return _day(datetime.fromisoformat(gold["date"]).replace(tzinfo=UTC) + timedelta(days=off))


def _day(start: datetime) -> When:
    return When(start=start, end=start + timedelta(days=1), precision="day", local_date=start.date().isoformat())


def _places(gold: Gold, d: Damage, rng: Random, towns: list[Gold]) -> tuple[Place, ...]:
    place, precision = gold["place"], gold["place"]["precision"]
    lat, lon, draw = place["lat"], place["lon"], rng.random()
    if draw < d.no_place:
        return ()
    if draw < d.no_place + d.coarse and precision in ("exact", "locality"):
        precision = "admin1" if rng.random() < 0.6 else "country"
        lat, lon = lat + rng.gauss(0, 0.6), lon + rng.gauss(0, 0.6)
    elif draw < d.no_place + d.coarse + d.wrong_town:
        place = rng.choice(towns)
        lat, lon = place["lat"] + 3, place["lon"] + 3
    elif d.jitter:
        lat, lon = lat + rng.gauss(0, d.jitter / 166), lon + rng.gauss(0, d.jitter / 166)
    target = _place("target", place, precision, lat, lon)
    origin = gold.get("origin")
    if origin and not d.jitter:
        return (target, _place("origin", origin, origin["precision"], origin["lat"], origin["lon"]))
    return (target,)


def _place(role: Any, place: Gold, precision: Precision, lat: float, lon: float) -> Place:
    name = place["name"]
    return Place(
        role=role, text=name, start=0, end=1, precision=precision, name=name, country=place["country"], lat=lat, lon=lon
    )


def _count(own: list[Gold], slot: str) -> Count | None:
    figures = [_pair(c["value"]) for c in own if c["slot"] == slot and c["stance"] != "denies"]
    low, high = next((f for f in figures if f), (None, None))
    return None if low is None else Count(min=low, max=high)


def _pair(value: Any) -> tuple[int, int | None] | None:
    if isinstance(value, list):
        return (value[0] or 0, value[1])
    digits = re.search(r"\d+", str(value))
    return (int(digits[0]), int(digits[0])) if digits else None


def _claim(row: Gold) -> Claim:
    value = _pair(row["value"]) if row["slot"] in ("killed", "injured") else row["value"]
    return Claim(
        slot=row["slot"],
        value=list(value) if isinstance(value, tuple) else value,
        stance=row["stance"],
        by=row["by"],
        quote=str(row["value"]),
    )


def _perpetrators(own: list[Gold]) -> tuple[Actor, ...]:
    named = Counter(str(c["value"]) for c in own if c["slot"] == "perpetrator" and c["stance"] != "denies")
    return tuple(Actor(text=n, kind="armed_group", name=n, certainty="reported") for n in named)


def _same_name(one: str, other: str) -> bool:
    return (
        bool(set(words_of(one)) & set(words_of(other)) - {"the", "news", "tg"})
        and words_of(one)[:2] == words_of(other)[:2]
    )
