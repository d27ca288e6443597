"""What stands behind a value: the words, the item, the speaker; what no longer holds does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

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
    Span,
    Tally,
    Weapon,
)
from processors.resolve.signs import signs_of
from processors.resolve.state import Entry
from processors.resolve.told import Telling
from streams.web.evidence import Behind, behind

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
PLACE = Place(role="target", text="the market", start=0, end=1, precision="locality", name="Kassala")
NAMED = Place(role="mentioned", text="Port Sudan", start=0, end=1, precision="locality")


def telling(number: int, stands: bool = True, **values: Any) -> Telling:
    record = ItemMentions(
        item=f"outlet{number}/1@0", source_id=f"outlet{number}", external_id="1", revision=0, kind="new",
        published_at=AT + timedelta(hours=number),
    )  # fmt: skip
    mention = Mention(
        event_type=EventType.BOMBING, trigger=Span(0, 1, "blew up"), modality=Modality.ACTUAL, confidence=0.9, **values
    )
    entry = Entry(
        entry_id=f"{record.item}#0", item_key=f"outlet{number}/1", item=record.item, published_at=record.published_at,
        keys=(), mention=mention, signs=signs_of(record, mention), incident_id="i", stands=stands,
    )  # fmt: skip
    return Telling.of(entry, record)


def incident(*tellings: Telling, **values: Any) -> Incident:
    items = tuple(each.record.item for each in tellings)
    return Incident(
        incident_id="i", version=1, status="open", event_type=EventType.BOMBING, title="t", items=items, **values
    )


def said(found: tuple[Behind, ...], slot: str) -> list[tuple[Any, ...]]:
    (of,) = [each.said for each in found if each.slot == slot]
    return [(each.source_id, each.value, each.words, each.by, each.standing) for each in of]


def test_words_item_and_speaker() -> None:
    claim = Claim(slot="weapon", value="ied", stance="confirms", by="the governor", quote="a roadside bomb went off")
    one = telling(1, weapons=(Weapon(type="ied", text="roadside bomb"),), claims=(claim,))
    found = behind(incident(one, weapons=one.entry.mention.weapons), [one])
    assert said(found, "event_type") == [("outlet1", "bombing", "blew up", None, None)]
    assert said(found, "weapons") == [("outlet1", "ied", "roadside bomb", "the governor", None)]


def test_an_item_that_speaks_for_itself_names_no_speaker() -> None:
    claim = Claim(slot="perpetrator", value="x", stance="claims", by="outlet1", quote="our fighters")
    actor = Actor(text="our fighters", kind="armed_group", name="The Brigade")
    one = telling(1, perpetrators=(actor,), claims=(claim,))
    assert said(behind(incident(one, perpetrators=(actor,)), [one]), "perpetrators") == [
        ("outlet1", "The Brigade", "our fighters", None, None)
    ]


def test_a_toll_says_which_figures_count() -> None:
    later = Claim(slot="killed", value={"min": 5, "max": 5}, stance="confirms", by="hospital", quote="five dead")
    one = telling(1, killed=Count(min=2, max=2, text="two"))
    two = telling(10, killed=Count(min=5, max=5), claims=(later,))
    found = behind(incident(one, two, killed=Tally(min=5, max=5, best=5)), [one, two])
    assert said(found, "killed") == [
        ("outlet1", "2", "two", None, "replaced"),
        ("outlet10", "5", "five dead", "hospital", "counts"),
    ]


def test_what_is_withdrawn_or_of_another_version_stands_behind_nothing() -> None:
    one, gone, other = telling(1), telling(2, stands=False), telling(3)
    found = behind(incident(one, gone), [one, gone, other])
    assert [name for name, *_ in said(found, "event_type")] == ["outlet1"]


def test_a_place_that_is_merely_mentioned_is_no_evidence() -> None:
    one = telling(1, places=(PLACE, NAMED))
    assert said(behind(incident(one, places=(PLACE,)), [one]), "places") == [
        ("outlet1", "Kassala", "the market", None, None)
    ]


def test_a_value_that_the_incident_has_not_has_nothing_behind_it() -> None:
    one = telling(1, killed=Count(min=2, max=2), outcome="hit")
    assert [each.slot for each in behind(incident(one), [one])] == ["event_type"]
