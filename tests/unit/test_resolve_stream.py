"""Streams through the resolve stage: one incident or two, edits, deletions, corrections, order, repeats."""

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.errors import RevisionConflict
from processors.model import Claim, EventType, ItemMentions, Modality
from processors.resolve.components import depth_of
from processors.resolve.resolve import resolve
from tests.unit.resolving import Run, at, day, mention, told

MARKET = "A bomb went off in the vegetable market of Mardan, killing three people, police said."
MARKET_LATER = "The bomb that tore through Mardan's vegetable market killed four people, hospital staff said."
GAO = "Gunmen on motorbikes opened fire on a checkpoint outside Gao, wounding two soldiers."


def first() -> tuple[ItemMentions, ...]:
    return (
        told("alpha", "1", 0, mention(MARKET, killed=3, by="police")),
        told("beta", "7", 2, mention(MARKET_LATER, killed=4, by="hospital staff")),
        told("gamma", "3", 3, mention(GAO, "Gao", EventType.SHOOTING, injured=2)),
    )


def test_two_tellings_of_one_incident_meet_and_another_town_stays_apart() -> None:
    run = Run(first())
    assert run.groups() == {
        ("open", frozenset({"alpha/1@0", "beta/7@0"})),
        ("open", frozenset({"gamma/3@0"})),
    }


def test_two_mentions_of_one_item_never_meet() -> None:
    run = Run([told("digest", "1", 0, mention(MARKET, killed=3), mention(MARKET_LATER, killed=4))])
    assert len(run.open()) == 2


def test_an_edit_replaces_what_its_item_said() -> None:
    run = Run([*first(), told("beta", "7", 4, mention(MARKET, killed=3), revision=1, kind="edited")])
    [market] = [i for i in run.open() if "alpha/1@0" in i.items]
    assert market.items == ("alpha/1@0", "beta/7@1")
    assert market.killed is not None
    assert market.killed.best == 3


def test_a_deletion_leaves_an_incident_that_others_hold_up() -> None:
    run = Run([*first(), told("beta", "7", 4, revision=1, kind="deleted")])
    [market] = [i for i in run.open() if "alpha/1@0" in i.items]
    assert market.independent_sources == 1
    assert "beta/7@0" in market.items


def test_a_deletion_retracts_what_nothing_else_holds_up() -> None:
    run = Run([*first(), told("gamma", "3", 4, revision=1, kind="deleted")])
    [gone] = run.with_status("retracted")
    assert gone.items == ("gamma/3@0",)
    assert [a.kind for a in run.alerts if a.incident_id == gone.incident_id][-1:] == ["retraction"]


def test_a_forward_falls_with_what_it_repeats() -> None:
    words = "Blast heard in Mardan near the old bus station, ambulances on the way now"
    run = Run(
        [
            told("relay", "0", 0, mention(words, kind=EventType.EXPLOSION)),
            told("copy", "9", 0.5, mention(words, kind=EventType.EXPLOSION), forwarded_from="relay"),
            told("relay", "0", 1, revision=1, kind="deleted"),
        ]
    )
    assert [i.status for i in run.state.incidents()] == ["retracted"]


def test_a_source_that_takes_it_back_retracts_its_report() -> None:
    correction = mention("Correction: no bomb went off in Mardan's market.", modality=Modality.DENIED, withdrawn=True)
    run = Run([told("alpha", "1", 0, mention(MARKET)), told("alpha", "2", 3, correction)])
    [gone] = run.with_status("retracted")
    assert gone.items == ("alpha/1@0", "alpha/2@0")


def test_an_edit_that_takes_it_back_retracts_and_the_forward_falls() -> None:
    words = "BREAKING bomb exploded at the vegetable market in Mardan, several dead, developing"
    edit = mention("CORRECTION nothing exploded at the market in Mardan", modality=Modality.DENIED, withdrawn=True)
    run = Run(
        [
            told("relay", "5", 0, mention(words)),
            told("copy", "6", 0.2, mention(words), forwarded_from="relay"),
            told("relay", "5", 1, edit, revision=1, kind="edited"),
        ]
    )
    assert [i.status for i in run.state.incidents() if i.status != "merged"] == ["retracted"]


def test_a_denial_by_another_side_contests_but_does_not_retract() -> None:
    denial = Claim(slot="occurrence", value="bombing", stance="denies", by="army", quote="there was no bomb")
    run = Run([*first(), told("delta", "1", 4, mention(MARKET, modality=Modality.DENIED, claims=(denial,)))])
    [market] = [i for i in run.open() if "alpha/1@0" in i.items]
    assert "delta/1@0" in market.items
    assert "occurrence" in market.contested


@pytest.mark.parametrize("modality", [Modality.DENIED, Modality.HISTORICAL, Modality.PLANNED, Modality.HYPOTHETICAL])
def test_only_what_happened_opens_an_incident(modality: Modality) -> None:
    assert not Run([told("alpha", "1", 0, mention(MARKET, modality=modality))]).state.incidents()


def test_what_is_long_past_when_told_opens_nothing_and_lends_no_values() -> None:
    old = mention("In January a bomb had killed forty people in Mardan's market.", killed=40, when=day(-50))
    assert not Run([told("alpha", "1", 0, old)]).state.incidents()


def test_neither_where_nor_when_nor_how_many_opens_nothing() -> None:
    bare = msgspec.structs.replace(mention("There was a raid.", None), when=None)
    assert not Run([told("alpha", "1", 0, bare)]).state.incidents()


def test_a_mention_that_only_adds_to_another_of_its_item_is_no_incident_of_its_own() -> None:
    more = msgspec.structs.replace(mention("The blast broke windows along the street."), when=None)
    run = Run([told("alpha", "1", 0, mention(MARKET, killed=3), more)])
    [market] = run.open()
    assert len(run.state.entries_of_incident(market.incident_id)) == 2


def test_what_an_item_tells_twice_is_one_incident_by_the_same_dead() -> None:
    twice = [mention(MARKET, killed=3), mention(MARKET_LATER, killed=3)]
    assert len(Run([told("alpha", "1", 0, *twice)]).open()) == 1
    alone = [mention(MARKET, killed=1), mention(MARKET_LATER, killed=1)]
    assert len(Run([told("alpha", "1", 0, *alone)]).open()) == 2


def test_nobody_is_dead_of_what_was_retracted() -> None:
    gone = msgspec.structs.replace(told("alpha", "1", 3, revision=1), kind="deleted")
    taken_back = mention("Correction: no bomb went off in Mardan's market.", modality=Modality.DENIED, withdrawn=True)
    for end in (gone, told("alpha", "2", 3, taken_back)):
        [retracted] = Run([told("alpha", "1", 0, mention(MARKET, killed=3, injured=2)), end]).with_status("retracted")
        assert (retracted.killed, retracted.injured) == (None, None)


def test_what_merely_joined_an_incident_takes_none_of_it_along() -> None:
    vague = mention("A blast in Swabi, they say.", town=None, kind=EventType.EXPLOSION)
    swabi = mention(
        "A blast in Swabi wounded nine at a brickworks.", "Swabi", EventType.EXPLOSION, when=day(1), injured=9
    )
    run = Run([told("a", "1", 0, mention(MARKET, killed=3)), told("b", "1", 1, vague), told("c", "1", 20, swabi)])
    by_type = {i.event_type: i.items for i in run.open()}
    assert by_type[EventType.BOMBING] == ("a/1@0",)
    assert "c/1@0" in by_type[EventType.EXPLOSION]


def test_an_incident_larger_than_a_neighbourhood_keeps_all_its_items() -> None:
    run = Run([told(f"paper{k:02}", "1", k / 10, mention(MARKET, killed=3)) for k in range(60)])
    [market] = run.open()
    assert len(market.items) == 60


def test_an_edit_that_says_less_does_not_end_its_incident() -> None:
    less = mention("The bomb in the vegetable market: shops are shut, police said.", town=None)
    edit = told("alpha", "1", 1, msgspec.structs.replace(less, when=None), revision=1, kind="edited")
    for stream in ([told("alpha", "1", 0, mention(MARKET)), edit], [edit, told("alpha", "1", 0, mention(MARKET))]):
        [market] = Run(stream).open()
        assert market.items == ("alpha/1@0", "alpha/1@1")


def test_a_denial_that_came_first_joins_the_report_it_denies() -> None:
    denial = mention(MARKET, modality=Modality.DENIED)
    run = Run([told("delta", "1", 0, denial), told("alpha", "1", 1, mention(MARKET, killed=3))])
    [market] = run.open()
    assert market.items == ("alpha/1@0", "delta/1@0")


def test_a_look_back_joins_the_known_incident_without_changing_its_values() -> None:
    back = mention(MARKET, modality=Modality.HISTORICAL, killed=300)
    run = Run([*first(), told("weekly", "1", 90, back)])
    [market] = [i for i in run.open() if "alpha/1@0" in i.items]
    assert "weekly/1@0" in market.items
    assert market.killed is not None
    assert market.killed.best == 4


def test_a_better_telling_merges_what_vague_ones_left_apart_and_the_older_id_stays() -> None:
    vague = "Explosion reported, smoke over the rail yard"
    bridge = (
        "Explosion reported, smoke over the rail yard in Mardan: a bomb went off in the vegetable market, police said"
    )
    run = Run(
        [
            told("post", "1", 0, mention(vague, None, EventType.EXPLOSION)),
            told("alpha", "1", 1, mention(MARKET, killed=3)),
        ]
    )
    older = {i.items: i.incident_id for i in run.open()}
    run.take(told("beta", "2", 1.5, mention(bridge, killed=3)))
    run.take(told("gamma", "2", 1.6, mention(bridge + ", adding more", killed=3)))
    [merged] = run.with_status("merged")
    assert merged.merged_into == older[("post/1@0",)]


def test_an_edit_without_its_original_counts_as_the_first_word() -> None:
    run = Run([told("alpha", "1", 0, mention(MARKET), revision=3, kind="edited")])
    assert run.verdicts == ["unknown_original"]
    assert len(run.open()) == 1


def test_a_deletion_of_something_unknown_changes_no_incident_and_is_remembered() -> None:
    run = Run([told("alpha", "1", 0, revision=1, kind="deleted")])
    assert run.verdicts == ["unknown_original"]
    assert not run.state.incidents()
    run.take(told("alpha", "1", 1, mention(MARKET)))
    assert run.verdicts[-1] == "stale"
    assert [i.status for i in run.state.incidents()] == ["retracted"]
    assert not run.alerts


def test_an_older_revision_that_comes_late_changes_nothing() -> None:
    newest = told("alpha", "1", 1, mention(MARKET, killed=5), revision=2, kind="edited")
    run = Run([newest, told("alpha", "1", 0, mention(MARKET, killed=1), revision=1, kind="edited")])
    assert run.verdicts[-1] == "stale"
    assert run.open()[0].killed.best == 5  # type: ignore[union-attr]


def test_one_revision_with_two_texts_is_a_conflict_and_the_first_stays() -> None:
    run = Run([told("alpha", "1", 0, mention(MARKET))])
    other = told("alpha", "1", 0, mention(GAO, "Gao"))
    with pytest.raises(RevisionConflict):
        resolve(other, run.state, at(1), run.policy)


def test_a_repeat_is_no_change_at_all() -> None:
    stream = first()
    run = Run(stream)
    again = resolve(stream[0], run.state, at(5), run.policy)
    assert again == msgspec.structs.replace(again, item=None, put=(), drop=(), incidents=(), alerts=())
    assert again.verdict == "repeat"


def test_an_item_from_the_future_counts_as_told_now() -> None:
    run = Run()
    run.take(told("alpha", "1", 500, mention(MARKET)), now=at(0))
    [incident] = run.open()
    assert incident.first_reported_at == at(0)


STREAM = (
    told("alpha", "1", 0, mention(MARKET, killed=3, by="police")),
    told("beta", "7", 1, mention(MARKET_LATER, killed=4, by="hospital staff")),
    told("gamma", "3", 1, mention(GAO, "Gao", EventType.SHOOTING, injured=2)),
    told("delta", "4", 1, mention("Shots at the Gao checkpoint, two soldiers hurt", "Gao", EventType.SHOOTING)),
    told("alpha", "9", 2, mention("Market bomb in Mardan: toll rises to five", killed=5, by="police")),
    told(
        "gamma", "3", 3, mention(GAO + " A third died.", "Gao", EventType.SHOOTING, killed=1), revision=1, kind="edited"
    ),
    told("delta", "4", 4, revision=1, kind="deleted"),
    told(
        "eps", "1", 2, mention("A look back at the bomb in Mardan's market", modality=Modality.HISTORICAL, when=day())
    ),
    told("zeta", "2", 5, mention("Kidal: militants abducted two drivers", "Kidal", EventType.ABDUCTION)),
    told("zeta", "2", 6, revision=1, kind="deleted"),
)


def values(run: Run) -> set[bytes]:
    """Every living incident without its id, version and time of change."""
    kept = [i for i in run.state.incidents() if i.status != "merged"]
    bare = [msgspec.structs.replace(i, incident_id="", version=0, updated_at=None, related=()) for i in kept]
    return {msgspec.json.encode(i) for i in bare}


@given(st.permutations(STREAM))
@settings(max_examples=200, deadline=None)
def test_the_order_of_arrival_makes_no_difference_to_what_is_known(shuffled: list[ItemMentions]) -> None:
    """Ids, versions and alerts may differ; members, status and every value may not."""
    assert values(Run(STREAM)) == values(_clocked(shuffled))


def test_nor_does_it_in_a_crowd_that_is_clustered_in_parts() -> None:
    """Hundreds of pairs link these reports of one town and day, more than one component may hold."""
    street = [f"Gunmen shot at a bakery in lane{k // 2} of the old town, the owner{k // 2} said" for k in range(90)]
    crowd = [told(f"s{k}", "1", k / 50, mention(w, kind=EventType.SHOOTING)) for k, w in enumerate(street)]
    plain = _clocked(crowd)
    depths = {depth_of(e.component) for i in plain.open() for e in plain.state.entries_of_incident(i.incident_id)}
    assert max(depths) > 0
    for seed in range(3):
        assert values(plain) == values(_clocked(Random(seed).sample(crowd, len(crowd))))


def _clocked(stream: list[ItemMentions]) -> Run:
    run = Run()
    for each in stream:
        run.take(each, now=at(10))
    return run


@given(st.lists(st.sampled_from(STREAM), max_size=10))
@settings(max_examples=50, deadline=None)
def test_repeats_leave_everything_byte_for_byte(repeats: list[ItemMentions]) -> None:
    plain, again = Run(STREAM), Run([*STREAM, *repeats])
    assert msgspec.json.encode(again.state.incidents()) == msgspec.json.encode(plain.state.incidents())
    assert again.alerts == plain.alerts


def test_what_an_item_tells_in_passing_joins_what_is_known_and_opens_nothing() -> None:
    article = told(
        "paper",
        "1",
        0,
        mention(MARKET, killed=3),
        msgspec.structs.replace(
            mention("Drones hit the outskirts of Gao too.", "Gao", EventType.DRONE_STRIKE), when=None
        ),
    )
    [market] = Run([article]).open()
    assert market.event_type is EventType.BOMBING
    gao = told("wire", "9", -1, mention("Drones hit the outskirts of Gao.", "Gao", EventType.DRONE_STRIKE, injured=2))
    assert {frozenset(i.items) for i in Run([gao, article]).open()} == {
        frozenset({"paper/1@0"}),
        frozenset({"wire/9@0", "paper/1@0"}),
    }


def test_a_point_of_a_list_is_an_incident_of_its_own() -> None:
    point = mention("Drones hit the outskirts of Gao.", "Gao", EventType.DRONE_STRIKE, listed=True)
    digest = told("digest", "1", 0, mention(MARKET, killed=3), msgspec.structs.replace(point, when=None))
    assert len(Run([digest]).open()) == 2
