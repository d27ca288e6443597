"""Under which keys a mention is filed and looked up, so that whatever may be the same incident is met without a scan.

A mention is filed under its town and day, with and without its type, its province and day, its most telling words, a few
triples of its wording, and its item; it is looked up under those of its neighbours in space and time as well. Only the
lookup widens, so an entry has few keys.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache

import xxhash

from processors.model import ItemMentions
from processors.resolve.signs import Signs, Spot, signs_of, spot_of
from processors.resolve.stems import frequencies

CELL = 0.5  # degrees
AREA = 1.0  # degrees: cells of the Kafka key
WORD_DAYS = 4  # telling words are filed by spans of so many days
MOST_WORDS = 12
COPY_KEYS = 4
MOST_TOWNS = 2  # of those named, where none is the target
MOST_DAYS = 4  # a mention that says "last week" is filed under its last days only
COMMON = 0.3  # what a key counts that holds `NEWEST` entries or more
NEWEST = 24  # of a key's entries that a lookup is given: what bounds the cost of a hot town


def filing_keys(signs: Signs) -> tuple[str, ...]:
    """The keys under which a mention stands, sorted."""
    days = _days(signs, 0)
    keys = _spot_keys(signs, {_cell(spot) for spot in _towns(signs)}, days)
    span = signs.last_day // WORD_DAYS
    keys |= {f"w|{signs.lang}|{word}|{span}" for word in telling_words(signs)}
    keys |= _source_keys(signs, "f" if signs.follow_up else "s", days)
    return tuple(sorted(keys | _copy_keys(signs) | _thread_keys(signs)))


def lookup_keys(signs: Signs) -> frozenset[str]:
    """The keys to ask for: neighbouring cells, a day more each way, the spans of words beside its own."""
    days = _days(signs, 1)
    keys = _spot_keys(signs, {cell for spot in _towns(signs) for cell in _around(spot)}, days)
    span = signs.last_day // WORD_DAYS
    keys |= {f"w|{signs.lang}|{word}|{s}" for word in telling_words(signs) for s in (span - 1, span, span + 1)}
    keys |= _source_keys(signs, "s" if signs.follow_up else "f", days)
    return frozenset(keys | _copy_keys(signs) | _thread_keys(signs))


def _days(signs: Signs, more: int) -> range:
    return range(max(signs.first_day, signs.last_day - MOST_DAYS + 1) - more, signs.last_day + 1 + more)


def _spot_keys(signs: Signs, cells: set[str], days: range) -> set[str]:
    """Town and day, with and without the type; province and day."""
    keys = {key for c in cells for day in days for key in (f"d|{c}|{day}", f"t|{c}|{day}|{signs.event_type.value}")}
    return keys | {f"p|{province}|{day}" for day in days for province in _province(signs.spot)}


def _towns(signs: Signs) -> tuple[Spot, ...]:
    """The target town; without any target the first towns that are named. A province or a country must be found by
    words."""
    if signs.spot is not None:
        return () if signs.spot.coarse else (signs.spot,)
    return signs.named[:MOST_TOWNS]


def chosen(found: Mapping[str, Collection[str]], most: int) -> list[str]:
    """The `most` entry ids that a lookup returns. `found`: key → ids of its `NEWEST` newest entries.

    Keys count by how few entries they hold: a shared rare word says more than the town and day of a hundred others.
    """
    worth: dict[str, int] = defaultdict(int)
    for ids in found.values():
        counts = _worth(len(ids))
        for entry_id in ids:
            worth[entry_id] += counts
    return sorted(worth, key=lambda e: (-worth[e], e))[:most]


@cache
def _worth(held: int) -> int:
    """What a key counts that holds so many entries, in millionths: whole numbers add up to the same in any order."""
    return int(1e6 * (COMMON + math.log(NEWEST / held)))


def telling_words(signs: Signs) -> list[str]:
    """The words few texts have, the rarest first."""
    table = frequencies()
    return sorted(signs.rare, key=lambda w: (table.count(signs.lang, w), -len(w), w))[:MOST_WORDS]


def _copy_keys(signs: Signs) -> set[str]:
    """The smallest hashes of the wording: near-copies share at least one with high probability (Broder 1997)."""
    return {f"c|{h:x}" for h in sorted(signs.sketch)[:COPY_KEYS]}


def _thread_keys(signs: Signs) -> set[str]:
    """Its item and the one it replies to: a reply meets what it answers whichever comes first."""
    return {f"r|{signs.source_id}|{i}" for i in (signs.external_id, signs.reply_to) if i}


def _source_keys(signs: Signs, kind: str, days: range) -> set[str]:
    """Its source and day: what follows an incident up is met by what the source told, and the other way round."""
    return {f"{kind}|{signs.source_id}|{day}" for day in days}


def _cell(spot: Spot) -> str:
    return f"{math.floor(spot.lat / CELL)},{math.floor(spot.lon / CELL)}"


def _around(spot: Spot) -> Iterator[str]:
    """The cell of a town and those beside it."""
    x, y, round_the_world = math.floor(spot.lat / CELL), math.floor(spot.lon / CELL), round(360 / CELL)
    half = round_the_world // 2
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            yield f"{x + dx},{(y + dy + half) % round_the_world - half}"


def _province(spot: Spot | None) -> list[str]:
    return [f"{spot.country}/{spot.admin1}"] if spot and spot.country and spot.admin1 else []


def area_key(told: ItemMentions) -> str:
    """The Kafka key of `mentions.v1`: the area of the first mention that has a place, so that one area has one writer.

    A revision without a place goes by its item, so that an item's revisions stay in order."""
    for mention in told.mentions:
        spot = spot_of(mention.places)
        if spot is not None:
            return f"{math.floor(spot.lat / AREA)},{math.floor(spot.lon / AREA)}"
    return f"{xxhash.xxh3_64_intdigest(f'{told.source_id}/{told.external_id}'.encode()) % 4096:03x}"


def keys_of(told: ItemMentions) -> list[tuple[Signs, tuple[str, ...]]]:
    """Signs and filing keys of every mention of an item, in order."""
    return [(signs := signs_of(told, m), filing_keys(signs)) for m in told.mentions]
