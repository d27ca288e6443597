"""Pair scores and keys: symmetric, unknown is no mismatch, lookups find what filing hid."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from processors.model import Actor, EventType, Place, When
from processors.resolve.blocking import area_key, filing_keys, lookup_keys
from processors.resolve.pairs import evidence, score, weights
from processors.resolve.signs import Signs, days_of, signs_of
from processors.resolve.stems import containment, sketch
from tests.unit.resolving import at, day, mention, place, told

WORDS = "A bomb went off beside the grain depot in Mardan and three guards died, police said."


def signs(words: str = WORDS, source: str = "alpha", hours: float = 0, **rest: object) -> Signs:
    each = told(source, "1", hours, mention(words, **rest))  # type: ignore[arg-type]
    return signs_of(each, each.mentions[0])


@given(
    st.sampled_from([EventType.BOMBING, EventType.SHOOTING, EventType.PROTEST]), st.integers(0, 9), st.integers(0, 4)
)
def test_scores_are_symmetric_and_the_sum_of_their_evidence(kind: EventType, killed: int, days: int) -> None:
    one, other = signs(killed=3), signs("Blast in Mardan", "beta", 5, kind=kind, killed=killed, when=day(days))
    assert score(one, other) == score(other, one)
    assert abs(score(one, other) - sum(e.weight for e in evidence(one, other))) < 1e-3


def test_what_is_unknown_is_no_mismatch() -> None:
    full, bare = signs(killed=3), signs(town=None)
    kinds = {e.kind for e in evidence(full, bare)}
    assert not {k for k in kinds if k.startswith(("towns", "area", "killed", "perpetrator", "weapon"))}


def test_another_town_day_or_family_speaks_against() -> None:
    base = score(signs(), signs(source="beta"))
    for change in ({"town": "Gao"}, {"when": day(3)}, {"kind": EventType.PROTEST}):
        assert score(signs(), signs(source="beta", **change)) < base  # type: ignore[arg-type]


def test_words_count_within_one_language_only() -> None:
    one, other = signs(), signs(source="beta")
    foreign = msgspec.structs.replace(other, lang="fr", digest=other.digest + 1)
    assert "wording" in {e.kind for e in evidence(one, other)}
    assert "wording" not in {e.kind for e in evidence(one, foreign)}


def test_a_named_actor_is_compared_by_its_telling_words() -> None:
    one = signs(perpetrators=(Actor(text="gunmen of the Northern Front", kind="armed_group"),))
    other = signs(perpetrators=(Actor(text="Northern Front fighters", kind="armed_group"),))
    assert "perpetrator_same" in {e.kind for e in evidence(one, other)}


def test_every_trait_has_a_weight() -> None:
    assert weights()["base"] < 0
    assert all(isinstance(w, float) for w in weights().values())


@given(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4), st.integers(-1, 1))
def test_a_neighbour_in_space_and_time_is_looked_up(north: float, east: float, days: int) -> None:
    moved = msgspec.structs.replace(place("Mardan"), lat=34.2 + north, lon=72.05 + east)
    each = told("b", "1", 0, msgspec.structs.replace(mention("Quite other words", when=day(days)), places=(moved,)))
    near = signs_of(each, each.mentions[0])
    assert lookup_keys(near) & set(filing_keys(signs("Unlike that")))


def test_cells_meet_across_the_date_line() -> None:
    def at_longitude(lon: float) -> Signs:
        spot = Place(role="target", text="x", start=0, end=1, precision="locality", lat=0.1, lon=lon)
        each = told("a", "1", 0, msgspec.structs.replace(mention("x"), places=(spot,)))
        return signs_of(each, each.mentions[0])

    assert lookup_keys(at_longitude(179.9)) & set(filing_keys(at_longitude(-179.9)))


def test_a_mention_without_a_place_is_found_by_its_telling_words() -> None:
    one, other = signs("Blast at the Zarkhanabad flour mill", town=None), signs("Zarkhanabad mill: two dead")
    assert lookup_keys(one) & set(filing_keys(other))


def test_one_area_has_one_key_and_an_item_without_place_keeps_its_own() -> None:
    one, other = told("a", "1", 0, mention("x")), told("b", "2", 3, mention("y"))
    assert area_key(one) == area_key(other)
    bare = told("a", "3", 0)
    assert area_key(bare) == area_key(msgspec.structs.replace(bare, revision=1))


def test_a_day_unknown_lies_in_the_days_before_it_was_told() -> None:
    first, last, known = days_of(None, at(0))
    assert (last - first, last, known) == (3, at(0).date().toordinal(), False)
    month = When(start=at(0), end=at(24 * 30), precision="month")
    assert not days_of(month, at(0))[2]


def test_containment_of_a_short_wording_in_a_long_one() -> None:
    long = " ".join(f"word{k}" for k in range(200))
    short = " ".join(f"word{k}" for k in range(40, 90))
    assert containment(*sketch(short), *sketch(long)) > 0.6
    assert containment(*sketch("nothing in common here at all"), *sketch(long)) == 0
