"""Values of an incident from all that tells it, one rule at a time."""

import msgspec

from processors.crosswalk import codes
from processors.model import Actor, Claim, EventType, ItemMentions, Mention, Modality, Place, Weapon, When
from processors.resolve import fuse
from processors.resolve.independence import origins
from processors.resolve.intake import entries_of
from processors.resolve.relations import relation_of, relations
from processors.resolve.titles import title
from processors.resolve.told import Telling, standing
from processors.resolve.whereabouts import places
from tests.unit.resolving import Run, at, day, mention, place, told

E = EventType


def tell(source: str, hours: float, made: Mention, **rest: object) -> Telling:
    each: ItemMentions = told(source, f"{hours}", hours, made, **rest)  # type: ignore[arg-type]
    return Telling(entries_of(each, stands=True)[0], each)


def test_a_method_outweighs_blasts_of_unknown_kind() -> None:
    vague = [tell(s, k, mention("Explosion heard", kind=E.EXPLOSION)) for k, s in enumerate("ab")]
    assert fuse.event_type([*vague, tell("c", 3, mention("Drone hit a depot", kind=E.DRONE_STRIKE))]) is E.DRONE_STRIKE


def test_one_telling_against_one_does_not_change_the_type_and_two_do() -> None:
    tellings = [tell("a", 0, mention("x", kind=E.SHOOTING)), tell("b", 1, mention("x", kind=E.ASSAULT))]
    assert fuse.event_type(tellings) is E.SHOOTING
    tellings.append(tell("c", 2, mention("x", kind=E.ASSAULT)))
    assert fuse.event_type(tellings) is E.ASSAULT
    tellings.append(tell("d", 3, mention("x", kind=E.SHOOTING)))
    assert fuse.event_type(tellings) is E.SHOOTING, "of two against two the newest"


def test_any_method_replaces_a_blast_of_unknown_kind() -> None:
    vague = tell("a", 0, mention("Explosion heard", kind=E.EXPLOSION))
    assert fuse.event_type([vague]) is E.EXPLOSION
    assert fuse.event_type([vague, tell("b", 1, mention("x", kind=E.BOMBING))]) is E.BOMBING


def test_the_day_most_give_in_its_most_precise_form() -> None:
    hour = When(start=at(1), end=at(2), precision="hour", local_date=at(1).date().isoformat())
    tellings = [
        tell("a", 0, mention("x")),
        tell("b", 1, mention("x", when=hour)),
        tell("c", 2, mention("x", when=day(1))),
    ]
    assert fuse.when(tellings) == hour


def test_the_town_most_name_and_a_province_only_without_one() -> None:
    wide = Place(
        role="target", text="KP", start=0, end=2, precision="admin1", name="KP", country="PK", lat=34.6, lon=72.5
    )
    coarse = tell("a", 0, msgspec.structs.replace(mention("x"), places=(wide,)))
    one, two = tell("b", 1, mention("x")), tell("c", 2, mention("x", town="Gao"))
    assert [p.name for p in places([coarse, one])] == ["Mardan"]
    assert [p.name for p in places([coarse, one, tell("d", 3, mention("x")), two])] == ["Mardan"]
    assert [p.name for p in places([coarse])] == ["KP"]


def where(town: str, role: str = "target") -> Place:
    return msgspec.structs.replace(place(town), role=role)


def names(*tellings: tuple[Place, ...]) -> list[str | None]:
    told_by = [tell(f"s{k}", k, msgspec.structs.replace(mention("x"), places=p)) for k, p in enumerate(tellings)]
    return [p.name for p in places(told_by)]


def test_a_town_that_all_know_of_outweighs_a_dateline() -> None:
    dateline = (where("Gao"), where("Mardan", "mentioned"))
    assert names(dateline, dateline, (where("Mardan"),), (where("Mardan"),)) == ["Mardan"]
    assert names((where("Gao"),), (where("Gao"),), (where("Mardan"),)) == ["Gao"]


def test_a_town_that_hardly_anyone_names_gives_way_to_the_area_most_name() -> None:
    area = msgspec.structs.replace(where("Kidal"), precision="admin1", name="Kidal Region")
    assert names((area,), (area,), (area,), (where("Mardan"),)) == ["Kidal Region"]


def test_a_town_with_the_province_s_name_is_less_precise_than_a_district_of_it() -> None:
    province = msgspec.structs.replace(where("Mardan", "mentioned"), precision="admin1")
    district = msgspec.structs.replace(where("Swabi"), precision="admin1", radius_km=30.0, name="Swabi District")
    assert names((district, province), (where("Mardan"),)) == ["Swabi District"]


def test_where_it_was_launched_is_kept_when_one_telling_has_it() -> None:
    assert names((where("Mardan"),), (where("Mardan"), where("Swabi", "origin"))) == ["Mardan", "Swabi"]


def test_who_claims_it_comes_before_who_is_named_or_suspected() -> None:
    def by(name: str, certainty: str, hours: float) -> Telling:
        actor = Actor(text=name, kind="armed_group", certainty=certainty, start=0, end=4)  # type: ignore[arg-type]
        return tell(name, hours, mention("x", perpetrators=(actor,)))

    named = fuse.perpetrators(
        [
            by("Suspects", "suspected", 0),
            by("Named", "reported", 1),
            by("Claimant", "claimed", 2),
            by("No", "denied", 3),
        ]
    )
    assert [a.text for a in named] == ["Claimant", "Named", "Suspects"]
    assert all(a.start is None for a in named)


def test_gunmen_and_a_man_name_nobody() -> None:
    actors = (
        Actor(text="Gunmen", kind="armed_group"),
        Actor(text="a lone man", kind="individual"),
        Actor(text="Armed men", kind="armed_group"),
        Actor(text="Zubrovian jets", kind="state_force", country="ZU"),
        Actor(text="the Northern Front", kind="armed_group"),
    )
    found = fuse.perpetrators([tell("a", 0, mention("x", perpetrators=actors))])
    assert [a.text for a in found] == ["Zubrovian jets", "the Northern Front"]


def test_an_attack_that_hurt_people_took_effect() -> None:
    assert fuse.outcome([tell("a", 0, mention("x", killed=2))]) == "hit"
    assert fuse.outcome([tell("a", 0, mention("x", killed=0))]) == "unknown"
    assert fuse.outcome([tell("a", 0, mention("x", kind=E.ACCIDENT, killed=2))]) == "unknown"


def test_weapons_once_a_type_the_commonest_first() -> None:
    tellings = [
        tell(s, k, mention("x", weapons=(Weapon(type=w, text=w),)))
        for k, (s, w) in enumerate((("a", "mine"), ("b", "ied"), ("c", "ied")))
    ]  # type: ignore[arg-type]
    assert [w.type for w in fuse.weapons(tellings)] == ["ied", "mine"]


def test_an_outcome_that_somebody_confirms_outweighs_one_that_is_told() -> None:
    sure = Claim(slot="outcome", value="intercepted", stance="confirms", by="air force", quote="shot down")
    tellings = [
        tell("a", 0, mention("x", outcome="hit")),
        tell("b", 1, mention("x", outcome="intercepted", claims=(sure,))),
    ]
    assert fuse.outcome(tellings) == "intercepted"
    assert fuse.outcome([tell("c", 0, mention("x"))]) == "unknown"


def test_a_denying_mention_without_a_claim_becomes_one() -> None:
    [claim] = fuse.claims([tell("army", 0, mention("No strike took place", modality=Modality.DENIED))])
    assert (claim.slot, claim.stance, claim.by, claim.item) == ("occurrence", "denies", "army", "army/0@0")


def test_copies_forwards_and_one_publishers_outlets_count_once() -> None:
    words = "A bomb went off beside the grain depot in Mardan and three guards died, police said."
    tellings = [
        tell("wire", 0, mention(words)),
        tell("paper", 1, mention(words + " More soon.")),
        tell("daily", 2, mention("Three guards killed at a depot"), publisher="House"),
        tell("weekly", 3, mention("What we know of the depot bomb so far"), publisher="House"),
        tell("blog", 4, mention("Heard of a blast in town, per Wire"), cites=("wire",)),
        tell("radio", 5, mention("Guards die in blast at grain store")),
    ]
    found = origins(tellings)
    assert [sorted(t.record.source_id for t in o.tellings) for o in found] == [
        ["blog", "paper", "wire"],
        ["daily", "weekly"],
        ["radio"],
    ]
    assert all(o.why for o in found[:2])


def test_what_quotes_a_withdrawn_report_falls_with_it() -> None:
    told_first = tell("gazette", 0, mention("Seven traders shot dead at the market of Mardan"))
    quoting = tell("post", 1, mention("Market attack, 7 dead per Gazette"), cites=("gazette",))
    gone = Telling(msgspec.structs.replace(told_first.entry, stands=False), told_first.record)
    assert standing([told_first, quoting]) == [told_first, quoting]
    assert standing([gone, quoting]) == []


def test_a_relation_needs_words_and_keeps_them() -> None:
    strike = mention("Rockets hit Mardan.", kind=E.MISSILE)
    answer = mention("In retaliation jets struck Gao.", "Gao", E.AIRSTRIKE, response_to=0)
    run = Run([told("a", "1", 0, strike, answer)])
    first, second = sorted(run.open(), key=lambda i: i.event_type is E.AIRSTRIKE)
    [related] = second.related
    assert (related.incident_id, related.relation) == (first.incident_id, "retaliation_for")
    assert related.quote == "In retaliation jets struck Gao."
    assert not first.related


def test_the_kind_of_relation_follows_words_and_type() -> None:
    assert relation_of(mention("Police arrested two men over it", kind=E.RAID)) == "follow_up_of"
    assert relation_of(mention("It was part of a night of strikes", kind=E.AIRSTRIKE)) == "part_of"
    assert relations([tell("a", 0, mention("x"))], "i", lambda *_: "j") == ()


def test_a_title_says_what_and_where() -> None:
    target = Actor(text="grain depot", kind="facility")
    assert (
        title(E.DRONE_STRIKE, "intercepted", (place("Mardan"),), (target,))
        == "Intercepted drone strike: grain depot, Mardan, PK"
    )
    assert title(E.RIOT, "unknown", (), ()) == "Riot"


def test_every_type_has_its_codes_where_a_scheme_has_one() -> None:
    assert {t for t in E if not codes(t)} == {E.ACCIDENT}
    assert codes(E.SUICIDE_BOMBING) == {"plover": "ASSAULT/suicide-attack", "cameo": "1831"}
