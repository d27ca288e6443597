"""What came of an incident, told without the deed: read as a follow-up, joins the incident, opens none."""

from datetime import UTC, datetime

import msgspec
import pytest

from processors.model import EventType, Item, ItemMentions, Mention, Modality
from processors.pipeline import Pipeline
from processors.resolve.blocking import filing_keys, lookup_keys
from processors.resolve.signs import signs_of
from tests.unit.resolving import Run, mention, told

PUBLISHED = datetime(2025, 6, 10, 15, 0, tzinfo=UTC)
STRIKE = "Guided bombs struck an apartment block in Mardan, eight people are wounded."


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(None)


def read(pipeline: Pipeline, body: str) -> tuple[Mention, ...]:
    item = Item(source_id="post", external_id="1", kind="new", published_at=PUBLISHED, body=body, lang="en")
    return pipeline.read([item])[0].mentions


@pytest.mark.parametrize(
    "body",
    [
        "Already 14 wounded. Two of them are children.",
        "Mass burial for our people in Kuru at 10am. Nine graves. Bring nothing, only come.",
        "Four abductees of Kuru regain freedom after payment.",
        "By the stop near the bridge people are lying. An ambulance is on the way. Do not film!",
    ],
)
def test_a_short_text_without_a_deed_follows_one_up(pipeline: Pipeline, body: str) -> None:
    [found] = read(pipeline, body)
    assert found.follow_up
    assert found.modality is Modality.HISTORICAL
    assert found.when is None


def test_what_tells_the_deed_itself_is_no_follow_up(pipeline: Pipeline) -> None:
    [found] = read(
        pipeline, "Gunmen opened fire on a bus near Gao on Monday. Two funerals were held, an ambulance came."
    )
    assert not found.follow_up
    assert found.modality is Modality.ACTUAL


def test_arrests_over_what_is_background_follow_it_up(pipeline: Pipeline) -> None:
    body = (
        "Police arrested a 24-year-old man in Umlazi on Tuesday. He was charged over the shooting of a councillor in Durban last "
        "week, the prosecutor said."
    )
    assert all(m.follow_up or m.modality is not Modality.ACTUAL for m in read(pipeline, body))


def test_arrests_alone_are_an_incident(pipeline: Pipeline) -> None:
    [found] = read(pipeline, "Police arrested nine suspected smugglers in Agadez on Monday, the prosecutor said.")
    assert not found.follow_up
    assert found.event_type is EventType.RAID


def test_a_long_text_without_a_deed_tells_nothing(pipeline: Pipeline) -> None:
    assert not read(pipeline, "The funeral of the former mayor drew a crowd of old friends. " * 8)


def later(
    source: str, number: str, hours: float, words: str, injured: int | None = None, reply_to: str | None = None
) -> ItemMentions:
    """A post that follows something up, without a place or a day."""
    made = mention(words, None, EventType.SHOOTING, Modality.HISTORICAL, injured=injured, follow_up=True)
    return told(source, number, hours, msgspec.structs.replace(made, when=None), reply_to=reply_to)


def test_a_reply_joins_what_it_answers_and_its_figure_counts() -> None:
    run = Run(
        [
            told("governor", "1", 0, mention(STRIKE, kind=EventType.AIRSTRIKE, injured=8)),
            later("governor", "2", 1.3, "Already 12 wounded.", injured=12, reply_to="1"),
        ]
    )
    [strike] = run.open()
    assert strike.items == ("governor/1@0", "governor/2@0")
    assert strike.event_type is EventType.AIRSTRIKE
    assert strike.injured is not None
    assert strike.injured.best == 12


def test_alone_it_opens_nothing_whichever_comes_first() -> None:
    assert not Run([later("governor", "2", 1.3, "Already 12 wounded.", injured=12)]).open()
    run = Run(
        [
            later("governor", "2", 1.3, "Already 12 wounded.", injured=12, reply_to="1"),
            told("governor", "1", 0, mention(STRIKE, kind=EventType.AIRSTRIKE, injured=8)),
        ]
    )
    [strike] = run.open()
    assert "governor/2@0" in strike.items


def test_what_another_source_says_of_nowhere_joins_nothing() -> None:
    run = Run(
        [
            told("governor", "1", 0, mention(STRIKE, kind=EventType.AIRSTRIKE, injured=8)),
            later("elsewhere", "2", 1.3, "Already 12 wounded.", injured=12),
        ]
    )
    [strike] = run.open()
    assert strike.items == ("governor/1@0",)


def test_a_follow_up_and_what_its_source_told_meet_whichever_comes_first() -> None:
    first, post = told("governor", "1", 0, mention(STRIKE)), later("governor", "2", 1, "Already 12 wounded.")
    original, after = (signs_of(t, t.mentions[0]) for t in (first, post))
    assert not lookup_keys(original).isdisjoint(filing_keys(after))
    assert not lookup_keys(after).isdisjoint(filing_keys(original))
