"""What of a mention is compared with other mentions, worked out once when it is filed."""

from datetime import date, datetime

import msgspec
import xxhash

from processors.model import Actor, Count, EventType, ItemMentions, Mention, Place, When
from processors.resolve.stems import rare_stems, sketch, weighted, words_of

UNKNOWN_DAYS_BACK = 3  # a mention without a day happened at most so many days before it was told
MOST_NAMED = 4  # towns of a mention that are compared beside its target
TOWNS = frozenset({"exact", "locality"})
RADIUS_KM = {"exact": 3.0, "locality": 10.0, "admin1": 120.0, "country": 500.0}
NAMELESS = frozenset(
    [
        "the",
        "of",
        "and",
        "a",
        "an",
        "in",
        "by",
        "on",
        "at",
        "for",
        "its",
        "their",
        "his",
        "local",
        "unknown",
        "suspected",
    ]
    + ["force", "forces", "army", "armed", "group", "groups", "military", "militant", "militants", "gunman", "gunmen"]
    + ["man", "men", "police", "troops", "soldier", "soldiers", "state", "member", "members", "attacker", "attackers"]
    + ["fighter", "fighters", "unknown", "suspected"]
)
NAMING_KINDS = frozenset({"state_force", "police", "armed_group", "criminal_group", "government", "party"})


class Spot(msgspec.Struct, frozen=True):
    """Where a mention took effect: degrees, the radius within which it may lie (km), country code."""

    lat: float
    lon: float
    radius: float
    country: str | None = None
    admin1: str | None = None

    @property
    def coarse(self) -> bool:
        """A province or a country rather than a town."""
        return self.radius > 50


class Signs(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The comparable side of a mention. Days are proleptic day numbers, `hour` hours since 1970, tolls (min, max)."""

    digest: int  # of everything below: equal digests compare equal
    event_type: EventType
    follow_up: bool = False  # tells no deed of its own, so that its type says little
    source_id: str
    external_id: str = ""
    lang: str | None
    hour: float
    first_day: int
    last_day: int
    day_known: bool
    clock: tuple[float, float] | None = None  # hours since 1970 between which it happened, where a time of day is told
    spot: Spot | None = None
    town: str | None = None  # name of the target town, in plain words
    named: tuple[Spot, ...] = ()  # towns it names beside the target
    killed: tuple[int, int | None] | None = None
    injured: tuple[int, int | None] | None = None
    perpetrators: frozenset[str] = frozenset()
    weapons: frozenset[str] = frozenset()
    stems: dict[str, float] = {}  # word stem → weight, unit length
    rare: frozenset[str] = frozenset()  # stems that few texts have
    numbers: frozenset[str] = frozenset()
    sketch: frozenset[int] = frozenset()  # sample of the word triples
    triples: int = 0  # how many it was drawn from
    forwarded_from: str | None = None
    reply_to: str | None = None  # external id of the post that it answers

    def __hash__(self) -> int:
        return self.digest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Signs) and self.digest == other.digest


def signs_of(told: ItemMentions, mention: Mention) -> Signs:
    """The comparable side of one mention of an item."""
    words = mention.words or mention.trigger.text
    first, last, known = days_of(mention.when, told.published_at)
    sample, triples = sketch(words)
    made = Signs(
        digest=0,
        event_type=mention.event_type,
        follow_up=mention.follow_up,
        source_id=told.source_id,
        external_id=told.external_id,
        lang=told.lang,
        hour=told.published_at.timestamp() / 3600,
        first_day=first,
        last_day=last,
        day_known=known,
        clock=_clock(mention.when),
        spot=spot_of(mention.places),
        town=_town(target_of(mention.places)),
        named=_named_towns(mention.places),
        killed=figure_of(mention.killed),
        injured=figure_of(mention.injured),
        perpetrators=frozenset(w for a in mention.perpetrators if a.certainty != "denied" for w in naming_words(a)),
        weapons=frozenset(w.type for w in mention.weapons if w.type != "unknown"),
        stems=weighted(words, told.lang),
        rare=rare_stems(words, told.lang),
        numbers=frozenset(w for w in words_of(words) if w.isdigit() and len(w) < 4),
        sketch=sample,
        triples=triples,
        forwarded_from=told.forwarded_from,
        reply_to=told.reply_to,
    )
    return msgspec.structs.replace(made, digest=xxhash.xxh3_64_intdigest(_canonical(made)) >> 2)


def _canonical(signs: Signs) -> bytes:
    return msgspec.json.encode(signs, order="deterministic")


def target_of(places: tuple[Place, ...]) -> Place | None:
    """Where it happened: the most precise target that has coordinates."""
    found = [p for p in places if p.role == "target" and p.lat is not None and p.lon is not None]
    return min(found, key=lambda p: RADIUS_KM[p.precision], default=None)


def spot_of(places: tuple[Place, ...]) -> Spot | None:
    """The target as a circle; None where no target has coordinates."""
    place = target_of(places)
    if place is None or place.lat is None or place.lon is None:
        return None
    radius = max(place.radius_km or 0.0, RADIUS_KM[place.precision])
    if place.precision in TOWNS:
        radius = min(radius, 40.0)
    return Spot(place.lat, place.lon, radius, place.country, place.admin1)


def _town(target: Place | None) -> str | None:
    if target is None or target.precision not in TOWNS:
        return None
    return " ".join(words_of(target.name or target.text)) or None


def _named_towns(places: tuple[Place, ...]) -> tuple[Spot, ...]:
    """Towns that are neither target nor origin: where the target was not made out, one of them may be it."""
    told = [p for p in places if p.role == "mentioned" and p.precision in TOWNS]
    spots = [s for p in told if (s := spot_of((msgspec.structs.replace(p, role="target"),))) is not None]
    return tuple(dict.fromkeys(spots))[:MOST_NAMED]


def days_of(when: When | None, published: datetime) -> tuple[int, int, bool]:
    """First and last day it may have happened, and whether the item says a day (within a few) at all."""
    told = published.date().toordinal()
    if when is None:
        return told - UNKNOWN_DAYS_BACK, told, False
    if when.local_date and when.precision in ("minute", "hour", "day"):
        day = date.fromisoformat(when.local_date[:10]).toordinal()
        return day, day, True
    first, last = when.start.date().toordinal(), (when.end.timestamp() - 1) // 86400
    last_day = max(first, int(last) + date(1970, 1, 1).toordinal())
    return first, last_day, last_day - first <= 1


def _clock(when: When | None) -> tuple[float, float] | None:
    if when is None or when.precision not in ("minute", "hour"):
        return None
    return when.start.timestamp() / 3600, when.end.timestamp() / 3600


def figure_of(count: Count | None) -> tuple[int, int | None] | None:
    """(least, most) of a count that gives a least figure."""
    if count is None or (count.min is None and count.max is None):
        return None
    return (count.min or 0, count.max)


def naming_words(actor: Actor) -> frozenset[str]:
    """The words of an actor's name that tell it from others; the country stands for a state's forces."""
    if actor.kind not in NAMING_KINDS and not actor.name:
        return frozenset()
    words = frozenset(words_of(actor.name or actor.text)) - NAMELESS
    return words | ({f"={actor.country}"} if actor.country else frozenset())
