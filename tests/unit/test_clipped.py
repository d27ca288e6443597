"""Posts without a verb, headlines, datelines: what is told in few words, and of which type."""

import pytest

from processors.extract.asides import without_asides
from processors.extract.event_types import settle_type
from processors.extract.events import find_triggers
from processors.extract.modality import judge
from processors.extract.trigger_modality import judge_alone
from processors.extract.triggers import anchored
from processors.model import EventType, Modality
from tests.unit.test_events import analysis, triggers

CLIPPED = [
    ("Roadside mine beyond the Kelo ferry, 4 dead", EventType.LANDMINE),
    ("IED, Gamboru rd, one soldier KIA, two WIA", EventType.BOMBING),
    ("Grenade lobbed at the gate of a tailor's house", EventType.BOMBING),
    ("Rockets on the salt market, two hurt", EventType.MISSILE),
    ("Lancet on a radar near the ford", EventType.DRONE_STRIKE),
    ("Strike on a road bridge north of the town. Lorries halted", EventType.AIRSTRIKE),
    ("Chopper strafing the river port, people in the reeds", EventType.AIRSTRIKE),
    ("three fishermen taken by Boko Haram off the Banki road", EventType.ABDUCTION),
    ("Clashes b/w students and police at the ring road", EventType.RIOT),
    ("Encounter underway in the pine forest above the village", EventType.ARMED_CLASH),
    ("Vandals torch clinic under construction", EventType.ARSON),
    ("A tailor was thrashed with belts at the grain market", EventType.ASSAULT),
    ("Coach with pilgrims overturns on the pass", EventType.ACCIDENT),
]


@pytest.mark.parametrize(("text", "event_type"), CLIPPED)
def test_few_words_tell_the_event(text: str, event_type: EventType) -> None:
    read = analysis(text)
    found = find_triggers(read)
    assert settle_type(found) is event_type
    assert any(judge_alone(read, t).modality is Modality.ACTUAL for t in found)


TYPES = [
    ("They burned forty huts on leaving.", EventType.ARSON),
    ("Unknown men blew up a kiosk at dawn.", EventType.BOMBING),
    ("A blast shook the mill. The bomb squad came, and it was not a bomb.", EventType.EXPLOSION),
    ("The patrols fired on each other across the ford.", EventType.ARMED_CLASH),
    ("The attacker died when his belt exploded at the gate.", EventType.SUICIDE_BOMBING),
    ("A man with a machete wounded five people in an arcade.", EventType.ASSAULT),
    ("Gunmen killed a cleric on his way to the mosque.", EventType.ASSASSINATION),
    ("Villagers stormed the police post.", EventType.RIOT),
    ("Officers fired tear gas at the marchers.", EventType.PROTEST),
]


@pytest.mark.parametrize(("text", "event_type"), TYPES)
def test_type_by_who_and_against_whom(text: str, event_type: EventType) -> None:
    assert settle_type(triggers(text)) is event_type


def test_general_words_found_no_incident() -> None:
    assert triggers("The minister spoke of the incident and of violence in the force.") == []


def test_several_words_are_one_choice() -> None:
    _, pattern = anchored("bomb * ripped|went_off|~set_off")
    assert pattern.match("bomb at the quay went off") and pattern.match("bomb was set off")
    assert not pattern.match("bomb at the quay went away")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("LIMA, May 3 (Agency) - Armed men killed two.", "Armed men killed two."),
        ("Lima, 3 May 91 (Radio Uno) -- [text] Armed men killed two.", "Armed men killed two."),
        ("Urgent | Blast against a truck. Wounded", "Blast against a truck. Wounded"),
        ("They [the rebels] left.", "They              left."),
        ("The Red Valley Front (RVF) left.", "The Red Valley Front       left."),
        ("It killed nine (three of them guards).", "It killed nine (three of them guards)."),
        ("Police said so.", "Police said so."),
    ],
)
def test_asides_are_blank_for_the_parser(text: str, rest: str) -> None:
    assert without_asides(text).lstrip() == rest
    assert len(without_asides(text)) == len(text)


def test_who_does_it_is_no_part_of_the_dateline() -> None:
    read = analysis("LOME, September 5, 2025 (AB) - Armed men killed nine people on Thursday in a village.")
    read.parse(read.sentences)
    verb = next(t for t in read.sentences[0].tokens if t.lower_ == "killed")
    subject = next(t for t in verb.children if t.dep_ == "nsubj")
    assert [t.text for t in subject.subtree] == ["Armed", "men"]


def test_contested_is_not_denied() -> None:
    read = analysis("One side reports shots at the ford, the other denies it.")
    assert judge_alone(read, find_triggers(read)[0]).modality is Modality.ACTUAL


def test_nothing_is_denied_without_words_that_deny() -> None:
    read = analysis("In the film a rocket hits the harbour, and the hero laughs.")
    assert all(judge(read, t).modality is not Modality.DENIED for t in find_triggers(read))
