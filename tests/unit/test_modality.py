"""Did it happen, now?"""

from datetime import UTC, datetime

import pytest

from processors.extract.analysis import Analysis
from processors.extract.cues import Cue, cues
from processors.extract.dated import old_dates, reference
from processors.extract.events import find_triggers
from processors.extract.modality import Judgement, judge
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.extract.trigger_modality import judge_alone
from processors.model import Item, Modality
from processors.normalize import as_is

PUBLISHED = datetime(2025, 9, 10, 12, tzinfo=UTC)


def analysis(text: str, title: str | None = None) -> Analysis:
    item = Item(source_id="s", external_id="1", kind="new", published_at=PUBLISHED, body=text, lang="en")
    document = as_is(item, text, title)
    return Analysis(document, split(document), parse)


def judged(text: str, word: str) -> Judgement:
    """The judgement on the trigger that holds `word`."""
    read = analysis(text)
    return judge_alone(read, next(t for t in find_triggers(read) if word in t.text))


EXAMPLES = [(cue, example) for cue in cues() for example in cue.examples]


@pytest.mark.parametrize(("cue", "example"), EXAMPLES, ids=[cue.id for cue, _ in EXAMPLES])
def test_every_cue_fires_on_its_own_example(cue: Cue, example: str) -> None:
    read = analysis(example)
    assert cue.id in {judge_alone(read, t).rule for t in find_triggers(read)}


@pytest.mark.parametrize(
    ("text", "word", "modality"),
    [
        ("Gunmen shot two traders in Gao on Monday.", "shot", Modality.ACTUAL),
        ("Fire destroyed a historic mill in the town overnight.", "destroyed", Modality.ACTUAL),
        ("The army denied that its troops shelled the town.", "shelled", Modality.DENIED),
        ("No rockets were fired at the base, the ministry said.", "fired", Modality.DENIED),
        ("Militants could attack the dam, a report warns.", "attack", Modality.HYPOTHETICAL),
        ("Men could slip over the border and bomb the dam.", "bomb", Modality.HYPOTHETICAL),
        ("A handler had motivated him to attack the dam.", "attack", Modality.PLANNED),
        ("The house was told that 91 people were shot in the north.", "shot", Modality.HISTORICAL),
        ("Teachers will march on the palace next week.", "march", Modality.PLANNED),
        ("A car bomb killed nine people there in 2019.", "killed", Modality.HISTORICAL),
        ("It is the first march there since the October attack.", "attack", Modality.HISTORICAL),
        ("Troops stormed a mock enemy base as part of an exercise.", "stormed", Modality.EXERCISE),
        ("A man was sentenced to nine years for stabbing a driver.", "stabbing", Modality.HISTORICAL),
        ("The militia threatened to attack the port.", "threatened", Modality.ACTUAL),
        ("Police defused a bomb under a bridge.", "bomb", Modality.ACTUAL),
        ("Officials voiced concern over killings.", "killings", Modality.HISTORICAL),
        ("A short while ago, jets struck a depot near the border.", "struck", Modality.ACTUAL),
        ("Earlier today a launch was identified and fell in an open area.", "launch", Modality.ACTUAL),
        ("The assailant tried to stab a guard at the gate on Monday.", "stab", Modality.ACTUAL),
        ("In the past year gunmen killed forty farmers.", "killed", Modality.HISTORICAL),
    ],
)
def test_modality(text: str, word: str, modality: Modality) -> None:
    assert judged(text, word).modality is modality


def test_denying_involvement_does_not_deny_the_attack() -> None:
    assert judged("The group denied involvement in the attack on the mill.", "attack").modality is Modality.ACTUAL


def test_background_does_not_drag_the_news_with_it() -> None:
    text = "Gunmen attacked a bus near Gao on Monday. A similar attack killed nine people in 2021."
    read = analysis(text)
    found = [judge_alone(read, t).modality for t in find_triggers(read)]
    assert found[0] is Modality.ACTUAL
    assert set(found[1:]) == {Modality.HISTORICAL}


def test_a_report_taken_back_is_withdrawn() -> None:
    text = "CORRECTION: there was no shooting at the college; our earlier post was wrong."
    found = judged(text, "shooting")
    assert found.modality is Modality.DENIED
    assert found.withdrawn


def test_what_is_shot_down_or_defused_says_how_it_ended() -> None:
    assert judged("Air defence intercepted two rockets over the bay.", "intercepted").outcome_hint == "intercepted"
    assert judged("Police defused a bomb under a bridge.", "bomb").outcome_hint == "failed"


def test_a_text_that_is_no_news_takes_its_events_with_it() -> None:
    read = analysis(
        "The thriller's second half drags, but the scene in which the heroine shoots the banker is worth the ticket. "
        "Fans of the novel will miss the train crash. In cinemas from Friday; three stars.",
        "Review: a heist film that never quite goes off",
    )
    assert all(judge(read, t).modality is not Modality.ACTUAL for t in find_triggers(read))


def test_old_dates_are_seen_from_publication() -> None:
    text = "On 3 March two men died; on 8 September three more. In 2019 nine."
    assert [text[a:b] for a, b in old_dates(text, PUBLISHED)] == ["3 March", "2019"]


def test_an_undated_text_is_read_from_its_first_day() -> None:
    text = "Two men were shot on June 18. Another was shot on March 2."
    assert reference(text, datetime(1970, 1, 1, tzinfo=UTC)) == datetime(2000, 6, 18, tzinfo=UTC)
