"""Words that tell events, and of which type they are."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.extract.analysis import Analysis
from processors.extract.event_types import settle_type
from processors.extract.events import Trigger, find_triggers
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.extract.triggers import Entry, entries
from processors.model import EventType, Item
from processors.normalize import as_is

WORDS = [
    "the",
    "gunmen",
    "shot",
    "two",
    "men",
    "bomb",
    ".",
    ",",
    "in",
    "Gao",
    "on",
    "Monday",
    "killed",
    "#",
    "🔴",
    "attack",
    "no",
]
EXAMPLES = [(entry, example) for entry in entries() for example in entry.examples]


def analysis(text: str, title: str | None = None) -> Analysis:
    item = Item(
        source_id="s", external_id="1", kind="new", published_at=datetime(2025, 9, 10, tzinfo=UTC), body=text, lang="en"
    )
    document = as_is(item, text, title)
    return Analysis(document, split(document), parse)


def triggers(text: str, title: str | None = None) -> list[Trigger]:
    return find_triggers(analysis(text, title))


@pytest.mark.parametrize(("entry", "example"), EXAMPLES, ids=[f"{e.id}-{n}" for n, (e, _) in enumerate(EXAMPLES)])
def test_every_entry_fires_on_its_own_example(entry: Entry, example: str) -> None:
    found = [t for t in triggers(example) if t.rule.split(">")[0] == entry.id]
    assert found
    assert entry.generic or found[0].event_type is entry.type


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Two policemen were killed when a suicide bomber struck their van.", EventType.SUICIDE_BOMBING),
        ("Three people were killed in a drone attack near Marib.", EventType.DRONE_STRIKE),
        ("The attack with rockets left two soldiers dead.", EventType.MISSILE),
        ("An attacker with a machete killed two traders.", EventType.ASSAULT),
        ("Nine passengers were killed when a bus overturned.", EventType.ACCIDENT),
        ("Gunmen killed four farmers in Zamfara.", EventType.SHOOTING),
        ("A shopkeeper was killed by suspected rebels.", EventType.SHOOTING),
        ("Troops killed two suspected rebels.", EventType.ARMED_CLASH),
        ("Two men shot up a bar on Monday.", EventType.SHOOTING),
        ("Unknown men shot dead the mayor of a northern town on Friday.", EventType.ASSASSINATION),
        ("A bomb was found under a judge's car.", EventType.ASSASSINATION),
        ("Warplanes struck a market, killing six.", EventType.AIRSTRIKE),
        ("Police raided a flat and arrested two men.", EventType.RAID),
        ("A drone dropped a bomb on the depot.", EventType.DRONE_STRIKE),
        ("A tractor hit a mine and blew up.", EventType.LANDMINE),
    ],
)
def test_type_goes_by_method(text: str, event_type: EventType) -> None:
    assert settle_type(triggers(text)) is event_type


def test_a_blast_takes_its_method_from_the_next_sentence() -> None:
    found = triggers("A blast shook the bus park. Police said a bomb had been hidden in a bag.")
    assert found[0].event_type is EventType.BOMBING


def test_a_blast_of_unknown_cause_stays_unattributed() -> None:
    found = triggers("A blast shook the bus park. The cause is not known; a bomb was not ruled out.")
    assert found[0].event_type is EventType.EXPLOSION


@pytest.mark.parametrize(
    "text",
    [
        "The striker shot a free kick over the bar.",
        "The senator attacked the bill on Tuesday.",
        "She shot a documentary in Oslo.",
        "He had a heart attack in the lift.",
        "The coach fired his assistant.",
        "The number of members shot up to 29.",
        "The company will launch a strike price review.",
    ],
)
def test_figures_of_speech_tell_no_event(text: str) -> None:
    assert not [t for t in triggers(text) if t.strength >= 0.5]


def test_shouted_reports_are_read() -> None:
    found = triggers("GUERRILLAS KIDNAPPED TWO ENGINEERS NEAR USULUTAN YESTERDAY.")
    assert [t.event_type for t in found] == [EventType.ABDUCTION]
    assert found[0].text == "KIDNAPPED"


def test_definite_references_are_marked() -> None:
    found = {t.text: t for t in triggers("A grenade attack hurt two people in Goma. The attack was not claimed.")}
    assert found["attack"].anaphoric
    assert not found["grenade attack"].anaphoric


@settings(deadline=None)  # the first example loads the model
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=25,
    )
)
def test_triggers_lie_in_the_text_and_do_not_overlap(words: list[str]) -> None:
    text = " ".join(words).strip()
    found = triggers(text)
    assert all(text[t.start : t.end] == t.text for t in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
