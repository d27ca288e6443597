"""Candidates: few of a hot town, the telling ones first, the same whatever the order of filing."""

from processors.model import EventType, ItemMentions
from processors.resolve.blocking import NEWEST, chosen, filing_keys, lookup_keys
from processors.resolve.components import MOST_CANDIDATES
from processors.resolve.signs import signs_of
from tests.unit.resolving import Run, mention, told

CLASH = "Drone hit an ambulance garage behind the Sokolova brewery, two drivers hurt, the rector said."


def test_a_key_of_few_entries_says_more_than_a_key_of_many() -> None:
    crowd = [f"post/{k}@0#0" for k in range(NEWEST)]
    found = {"d|town|1": crowd, "t|town|1|bombing": crowd[:12], "w|en|brewery|1": ["wire/1@0#0", crowd[20]]}
    assert chosen(found, 2) == [crowd[20], "wire/1@0#0"]
    assert set(chosen(found, 14)) == {crowd[20], "wire/1@0#0", *crowd[:12]}


def test_every_filing_key_of_a_mention_is_looked_up() -> None:
    told_once = told("alpha", "1", 0, mention(CLASH, kind=EventType.DRONE_STRIKE))
    signs = signs_of(told_once, told_once.mentions[0])
    own = {k for k in filing_keys(signs) if not k.startswith("s|")}  # these are for what follows it up
    assert own <= lookup_keys(signs)


def test_a_reply_and_what_it_answers_meet_whichever_comes_first() -> None:
    first, reply = told("alpha", "1", 0, mention(CLASH)), told("alpha", "2", 1, mention("Two hurt"), reply_to="1")
    original, answer = (signs_of(t, t.mentions[0]) for t in (first, reply))
    assert not lookup_keys(original).isdisjoint(filing_keys(answer))
    assert not lookup_keys(answer).isdisjoint(filing_keys(original))


def busy_town(incidents: int) -> list[ItemMentions]:
    kinds = [EventType.SHOOTING, EventType.PROTEST, EventType.ABDUCTION, EventType.RAID]
    return [
        told(
            f"post{k}", "1", k / 100, mention(f"Report {k} from quarter{k} about matter{k}", kind=kinds[k % len(kinds)])
        )
        for k in range(incidents)
    ]


def test_a_telling_meets_its_incident_among_hundreds_of_one_town_and_day() -> None:
    run = Run(busy_town(40))
    run.take(told("alpha", "1", 1, mention(CLASH, kind=EventType.DRONE_STRIKE, injured=2)))
    for each in busy_town(300)[40:]:
        run.take(each)
    run.take(
        told("beta", "9", 6, mention("Rector: ambulance garage by the Sokolova brewery hit by a drone", injured=2))
    )
    [strike] = [i for i in run.open() if "alpha/1@0" in i.items]
    assert strike.items == ("alpha/1@0", "beta/9@0")


def test_what_a_look_up_brings_is_bounded_and_does_not_depend_on_the_order_of_filing() -> None:
    stream = busy_town(120)
    one, other = Run(stream), Run(reversed(stream))
    signs = signs_of(stream[7], stream[7].mentions[0])
    found = [[e.entry_id for e in r.state.entries_under(lookup_keys(signs), MOST_CANDIDATES)] for r in (one, other)]
    assert found[0] == found[1]
    assert len(found[0]) <= MOST_CANDIDATES
    assert stream[7].item + "#0" in found[0]
