"""What the parse says of a trigger without cue words: seized bombs, claims, consequences, what is told on or in general."""

import pytest

from processors.extract.events import find_triggers
from processors.extract.trigger_modality import judge_alone
from processors.model import Modality
from tests.unit.test_modality import analysis, judged


@pytest.mark.parametrize(
    ("text", "word", "modality"),
    [
        ("The depot blew up in 2019, killing nine people.", "killing", Modality.HISTORICAL),
        ("A strike in 2019 that killed nine people is being studied.", "killed", Modality.HISTORICAL),
        ("On Tuesday police arrested a man over a robbery in 2021.", "arrested", Modality.ACTUAL),
        ("A bomb killed five people in Gao, nine years after an attack on the shrine.", "killed", Modality.ACTUAL),
        ("A bomb killed five people in Gao, nine years after an attack on the shrine.", "attack", Modality.HISTORICAL),
        ("Troops seized two explosive devices in a flat.", "device", None),
        ("The front claimed responsibility for the attack on the barracks.", "attack", Modality.ACTUAL),
        ("The front takes full responsibility for the execution of six agents.", "execution", Modality.ACTUAL),
        ("The Air Force, directed by the 91st Division, bombed a depot.", "bombed", Modality.ACTUAL),
        ("The raid led to the killing of one person.", "killing", Modality.ACTUAL),
        ("Guards stopped the man before he could detonate his vest.", "detonate", Modality.ACTUAL),
    ],
)
def test_signs(text: str, word: str, modality: Modality | None) -> None:
    assert judged(text, word).modality is modality


def test_what_is_told_on_behind_an_arrest_is_past() -> None:
    read = analysis("Police arrested a man accused of the murder of a clerk. He shot the clerk at a bus stop.")
    assert judge_alone(read, find_triggers(read)[-1]).rule == "goes_on"


def test_what_is_told_with_a_day_is_news_again() -> None:
    read = analysis("Police arrested a man accused of the murder of a clerk. A guard was shot on Monday.")
    assert judge_alone(read, find_triggers(read)[-1]).modality is Modality.ACTUAL


def test_plain_present_deep_in_a_text_tells_no_certain_event() -> None:
    text = (
        "Gunmen shot a trader in Gao on Monday. Police came. A crowd stood by. The gangs kidnap travellers for money."
    )
    read = analysis(text)
    assert judge_alone(read, find_triggers(read)[-1]).rule == "in_general"
