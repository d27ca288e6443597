"""The contract as code: what goes in, what comes out, and what passes between the stages.

Times are timezone-aware UTC, coordinates WGS84 degrees, counts people; `None` means unknown. Offsets are Unicode
character
offsets into the item's plain text (`Document.text`). All structs are frozen; `msgspec.structs.replace` makes a changed
copy.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # publication of a text to annotate that gives none


class EventType(StrEnum):
    """What happened, by method."""

    AIRSTRIKE = "airstrike"
    DRONE_STRIKE = "drone_strike"
    MISSILE = "missile_rocket_artillery"
    BOMBING = "bombing"
    SUICIDE_BOMBING = "suicide_bombing"
    LANDMINE = "landmine"
    SHOOTING = "shooting"
    ASSAULT = "assault"
    ARMED_CLASH = "armed_clash"
    ASSASSINATION = "assassination"
    ABDUCTION = "abduction"
    ARSON = "arson_destruction"
    RAID = "raid_arrest"
    PROTEST = "protest"
    RIOT = "riot"
    SEXUAL_VIOLENCE = "sexual_violence"
    EXPLOSION = "explosion_unattributed"
    THREAT = "statement_threat"
    ACCIDENT = "accident_disaster"


class Modality(StrEnum):
    ACTUAL = "actual"
    HISTORICAL = "historical"
    PLANNED = "planned"
    HYPOTHETICAL = "hypothetical"
    DENIED = "denied"
    EXERCISE = "exercise"


Kind = Literal["new", "edited", "deleted"]
Precision = Literal["exact", "locality", "admin1", "country"]
Role = Literal["target", "origin", "transit", "mentioned"]
TimePrecision = Literal["minute", "hour", "day", "week", "month", "year"]
ActorKind = Literal[
    "state_force", "police", "armed_group", "criminal_group", "government", "party", "crowd", "individual",
    "civilians", "facility", "vehicle", "infrastructure", "other", "unknown",
]  # fmt: skip
Certainty = Literal["reported", "claimed", "suspected", "denied"]
WeaponType = Literal[
    "rocket", "missile", "drone", "artillery", "mortar", "ied", "car_bomb", "suicide_vest", "mine", "grenade",
    "small_arms", "knife", "aircraft_bomb", "arson", "vehicle", "chemical", "unknown",
]  # fmt: skip
Outcome = Literal["hit", "failed", "intercepted", "unknown"]
Stance = Literal["claims", "reports", "confirms", "suspects", "denies"]
Severity = Literal["minor", "moderate", "severe", "extreme"]
Status = Literal["open", "retracted", "merged"]
AlertKind = Literal["new", "update", "correction", "merge", "retraction"]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One post or article as a source published it; `revision` grows with each edit."""

    source_id: str
    external_id: str
    kind: Kind
    published_at: datetime
    body: str
    channel: str = "feed"
    revision: int = 0
    url: str | None = None
    title: str | None = None
    fetched_at: datetime | None = None
    lang: str | None = None
    forwarded_from: str | None = None
    reply_to: str | None = None
    dated: bool = True  # False: the source gave no date, `published_at` is when it was first seen

    @property
    def key(self) -> str:
        """`source_id/external_id`: the item over all its revisions."""
        return f"{self.source_id}/{self.external_id}"

    @property
    def ref(self) -> str:
        """`source_id/external_id@revision`: this revision."""
        return f"{self.key}@{self.revision}"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """An item's words, ready to be read: `text` is title, blank line, body, without HTML."""

    item: Item
    text: str
    title_end: int  # where the title ends in `text`; 0 without one
    lang: str | None  # declared or detected, ISO 639-1


class Span(msgspec.Struct, frozen=True):
    start: int
    end: int
    text: str


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A number of people or things: at least `min`, at most `max`; a None bound is open. `text` are the words that say
    it.
    """

    min: int | None = None
    max: int | None = None
    text: str | None = None
    start: int | None = None
    end: int | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    role: Role
    text: str
    start: int
    end: int
    precision: Precision
    name: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    admin1: str | None = None  # name of the province
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    geonameid: int | None = None


class When(msgspec.Struct, frozen=True, kw_only=True):
    """`start` and `end` are instants in UTC, `end` exclusive; `local_date` is the calendar day at the place."""

    start: datetime
    end: datetime
    precision: TimePrecision
    local_date: str | None = None
    tz: str | None = None
    text: str | None = None


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    kind: ActorKind
    start: int | None = None
    end: int | None = None
    name: str | None = None  # canonical, if known
    country: str | None = None
    certainty: Certainty | None = None  # of a perpetrator
    count: Count | None = None  # of victims and targets


class Weapon(msgspec.Struct, frozen=True, kw_only=True):
    type: WeaponType
    text: str
    start: int | None = None
    end: int | None = None
    count: Count | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Who says what of which slot, in which words. In an incident `item` and `at` say where and when it was said."""

    slot: str
    value: Any
    stance: Stance
    by: str
    quote: str
    anonymous: bool = False
    start: int | None = None
    end: int | None = None
    item: str | None = None
    at: datetime | None = None


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """One incident as one item tells it."""

    event_type: EventType
    trigger: Span
    modality: Modality
    confidence: float
    when: When | None = None
    places: tuple[Place, ...] = ()
    perpetrators: tuple[Actor, ...] = ()
    targets: tuple[Actor, ...] = ()
    victims: tuple[Actor, ...] = ()
    weapons: tuple[Weapon, ...] = ()
    killed: Count | None = None
    injured: Count | None = None
    attackers_killed: Count | None = None
    outcome: Outcome = "unknown"
    claims: tuple[Claim, ...] = ()
    # beyond the contract: what resolving needs
    words: str = ""  # the sentences that tell it, for comparing wordings
    response_to: int | None = None  # index, in the item's mentions, of the mention that this one answered
    follow_up: bool = False  # tells no deed but what came of one ("already 12 wounded"): joins an incident, opens none
    listed: bool = False  # a point of a list or round-up, so an incident of its own
    withdrawn: bool = False  # the item takes back that it happened (correction, apology), not merely denies it
    rules: tuple[str, ...] = ()  # which rule or model said what, for --explain


class ItemMentions(msgspec.Struct, frozen=True, kw_only=True):
    """What one item revision tells: the value on `mentions.v1`, and all that the resolve stage is given."""

    item: str  # source_id/external_id@revision
    source_id: str
    external_id: str
    revision: int
    kind: Kind
    published_at: datetime
    channel: str = "feed"
    fetched_at: datetime | None = None
    lang: str | None = None
    title: str | None = None
    url: str | None = None
    forwarded_from: str | None = None
    reply_to: str | None = None
    publisher: str | None = None  # publisher group from the source list
    reliability: str = "F"  # Admiralty letter from the source list
    fingerprint: tuple[int, ...] = ()  # MinHash of the text, see normalize.fingerprint
    cites: tuple[str, ...] = ()  # outlets or channels that the text names as its source
    mentions: tuple[Mention, ...] = ()


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """A count over several lines of reporting; `best` is the one figure to show."""

    min: int | None = None
    max: int | None = None
    best: int | None = None


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    incident_id: str
    relation: str  # retaliation_for, follow_up_of, same_operation, part_of
    quote: str | None = None


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """What the pipeline knows of one incident, over all items."""

    incident_id: str
    version: int
    status: Status
    event_type: EventType
    title: str
    merged_into: str | None = None
    when: When | None = None
    places: tuple[Place, ...] = ()
    perpetrators: tuple[Actor, ...] = ()
    targets: tuple[Actor, ...] = ()
    weapons: tuple[Weapon, ...] = ()
    outcome: Outcome = "unknown"
    killed: Tally | None = None
    injured: Tally | None = None
    attackers_killed: Tally | None = None
    claims: tuple[Claim, ...] = ()
    contested: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    independent_sources: int = 0
    grade: str = "F6"
    confidence: float = 0.0
    severity: Severity = "minor"
    related: tuple[Relation, ...] = ()
    crosswalk: dict[str, str] = {}
    first_reported_at: datetime | None = None
    updated_at: datetime | None = None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    alert_id: str
    incident_id: str
    version: int
    kind: AlertKind
    reason: tuple[str, ...]
    severity: Severity
    sent_at: datetime
    headline: str
    incident: Incident


class SourceTraits(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator set down about a source in the source list, as far as the core uses it."""

    source_id: str
    publisher: str | None = None  # outlets of one publisher count once
    reliability: str = "F"  # Admiralty letter
    country: str | None = None  # where its unqualified place names lie, ISO 3166-1 alpha-2
    interested: str | None = None  # the party it speaks for (an army's or militia's own channel)
