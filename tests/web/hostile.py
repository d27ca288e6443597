"""An incident whose every text tries to become something else: markup, script, an address, a line of the protocol."""

from datetime import UTC, datetime

from processors.model import (
    Actor,
    Claim,
    Count,
    EventType,
    Incident,
    ItemMentions,
    Mention,
    Modality,
    Place,
    Relation,
    Span,
    Tally,
    When,
)
from processors.resolve.signs import signs_of
from processors.resolve.state import Entry

NAME = "6f1c1f0e-3f57-5d0c-9d55-0f3f7b8f4a11"
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
SCRIPT = "<script>window.broken=1</script>"
IMAGE = "<img src=x onerror='window.broken=2'>"
CLOSING = "</title></textarea></style>\"'><svg onload=window.broken=3>"
LINES = "a\r\n\r\nevent: forged\ndata: x\n\n\x00\x0b]]>&amp;&lt;\u202eabc"
TITLE = f"Bombing {SCRIPT}{IMAGE}{CLOSING}{LINES}"
ADDRESS = "javascript:window.broken=4"
ITEM = f"{IMAGE}/1{SCRIPT}@0"


def incident(version: int = 1, name: str = NAME) -> Incident:
    place = Place(
        role="target", text=SCRIPT, start=0, end=1, precision="locality", name=IMAGE, country="<b", admin1=CLOSING,
        lat=15.0, lon=30.0, radius_km=5.0,
    )  # fmt: skip
    claims = tuple(
        Claim(slot=slot, value=value, stance="claims", by=by, quote=quote, item=ITEM, at=AT)
        for slot, value, by, quote in (
            ("killed", {"min": 1, "max": IMAGE}, SCRIPT, LINES),
            ("perpetrator", SCRIPT, IMAGE, CLOSING),
            (CLOSING, [SCRIPT, {"name": IMAGE}], "", IMAGE),
        )
    )
    actor = Actor(text=SCRIPT, kind="armed_group", name=IMAGE, certainty="claimed")
    return Incident(
        incident_id=name, version=version, status="open", event_type=EventType.BOMBING, title=TITLE,
        when=When(start=AT, end=AT, precision="minute", tz=IMAGE, local_date="2026-03-01", text=SCRIPT), places=(place,),
        perpetrators=(actor,), targets=(actor,), killed=Tally(min=1, max=3, best=2), claims=claims, contested=(SCRIPT,),
        items=(ITEM,), independent_sources=1, grade="F6", severity="severe", first_reported_at=AT, updated_at=AT,
        related=(Relation(incident_id=f"../{SCRIPT}", relation=IMAGE, quote=SCRIPT),),
    )  # fmt: skip


def item() -> ItemMentions:
    return ItemMentions(
        item=ITEM, source_id=IMAGE, external_id=f"1{SCRIPT}", revision=0, kind="new", published_at=AT, url=ADDRESS,
        title=f"{SCRIPT}{CLOSING}", channel=IMAGE,
    )  # fmt: skip


def entry() -> Entry:
    mention = Mention(
        event_type=EventType.BOMBING, trigger=Span(0, 1, SCRIPT), modality=Modality.ACTUAL, confidence=0.9,
        killed=Count(min=1, max=3, text=IMAGE), claims=incident().claims, perpetrators=incident().perpetrators,
    )  # fmt: skip
    return Entry(
        entry_id=f"{ITEM}#0", item_key=ITEM.removesuffix("@0"), item=ITEM, published_at=AT, keys=(), mention=mention,
        signs=signs_of(item(), mention), incident_id=NAME,
    )  # fmt: skip
