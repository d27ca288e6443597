"""Which words of a text are one incident, and what becomes of them: the real parser, no places index."""

from datetime import UTC, datetime

import pytest

from processors.model import EventType, Item, Mention, Modality
from processors.pipeline import Pipeline

PUBLISHED = datetime(2025, 6, 10, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(None)


def told(pipeline: Pipeline, body: str, title: str | None = None) -> list[Mention]:
    item = Item(
        source_id="paper", external_id="1", kind="new", published_at=PUBLISHED, body=body, title=title, lang="en"
    )
    return [m for m in pipeline.read([item])[0].mentions if m.modality is Modality.ACTUAL]


def test_one_attack_told_over_several_sentences_is_one_mention(pipeline: Pipeline) -> None:
    body = (
        "Gunmen opened fire on a minibus near Gao on Monday. Three passengers were killed in the attack and four wounded. "
        "The shooting lasted ten minutes, a driver said."
    )
    (mention,) = told(pipeline, body, "Three killed as gunmen fire on minibus")
    assert mention.event_type is EventType.SHOOTING
    assert mention.killed is not None and mention.killed.min == 3
    assert mention.injured is not None and mention.injured.min == 4
    assert mention.when is not None and mention.when.local_date == "2025-06-09"


def test_an_answer_stays_apart_and_points_at_what_it_answers(pipeline: Pipeline) -> None:
    body = (
        "Rockets were fired from the hills at the army camp on Monday, wounding two soldiers. "
        "In response, warplanes bombed a launch site in the hills."
    )
    rockets, strike = told(pipeline, body)
    assert (rockets.event_type, strike.event_type) == (EventType.MISSILE, EventType.AIRSTRIKE)
    assert strike.response_to == 0
    assert rockets.injured is not None and rockets.injured.min == 2
    assert strike.injured is None


def test_each_point_of_a_list_is_its_own_incident(pipeline: Pipeline) -> None:
    body = (
        "• Kidal: two soldiers killed by a roadside bomb on Sunday.\n"
        "• Tillabéri: gunmen shot dead five farmers on Monday.\n"
        "• Djibo: market burned down by unknown arsonists, no casualties."
    )
    found = told(pipeline, body, "Sahel in brief")
    assert len(found) == 3
    assert [m.killed.min if m.killed else None for m in found[:2]] == [2, 5]


def test_an_arrest_told_in_passing_is_no_incident_of_its_own(pipeline: Pipeline) -> None:
    body = "A man stabbed three shoppers in the arcade on Monday. Police arrested a 34-year-old suspect an hour later."
    assert [m.event_type for m in told(pipeline, body, "Three stabbed in arcade")] == [EventType.ASSAULT]


def test_a_second_attack_set_apart_by_the_words_stays_apart(pipeline: Pipeline) -> None:
    body = "A car bomb killed four people in the morning. Hours later a separate bomb went off at a bus stop and killed one."
    assert len(told(pipeline, body)) == 2


def test_background_is_no_news(pipeline: Pipeline) -> None:
    body = "The mayor opened a park on Monday. In 2015 a bomb killed twelve people at the same place."
    assert told(pipeline, body) == []


def test_quotes_stand_in_the_text(pipeline: Pipeline) -> None:
    body = "Two policemen were killed by a mine near Baga on Monday, the governor said. Residents spoke of three dead."
    for mention in told(pipeline, body):
        for claim in mention.claims:
            assert claim.start is not None and body[claim.start : claim.end] == claim.quote


def test_a_headline_is_of_the_story_below_it_though_it_leaves_the_town_open(pipeline: Pipeline) -> None:
    body = (
        "Four traders were killed on Monday when gunmen opened fire on the market of Menaka, the governor said. "
        "The attackers fled on motorbikes."
    )
    (mention,) = told(pipeline, body, "Bomb attack on market leaves four dead, governor says")
    assert mention.event_type is EventType.SHOOTING


def test_a_headline_of_a_live_blog_may_be_of_any_of_its_entries(pipeline: Pipeline) -> None:
    body = (
        "19.40 Hospital officials in Gao speak again. 18.05 Oil opens flat in London.\n"
        "17.10 A drone hit a car near Nabatieh; one person is dead, the ministry says.\n16.00 Shops reopen in Tyre."
    )
    found = told(pipeline, body.replace(". 18.05", ".\n18.05"), "Live: seven shot dead in Gao")
    assert all(m.killed is None or m.killed.min != 7 for m in found if m.event_type is EventType.DRONE_STRIKE)
