from processors.places import lexicon
from processors.places.keys import key
from processors.places.names import How, Names
from tests.unit.places_fixture import small_gazetteer


def test_every_added_place_is_on_earth_and_named() -> None:
    for place in lexicon.supplements():
        assert -90 <= place.lat <= 90 and -180 <= place.lon <= 180, place
        assert all(key(name) for name in place.names), place
        assert 0 < place.radius_km <= 5000, place


def test_added_places_stand_once() -> None:
    names = [(key(p.names[0]), p.country) for p in lexicon.supplements()]
    assert len(names) == len(set(names)), {n for n in names if names.count(n) > 1}


def test_area_points_are_of_real_codes() -> None:
    assert all(len(country) == 2 and country.isupper() for country, _ in lexicon.area_points())


def test_cue_words_are_lower_case() -> None:
    words, roles = lexicon.words(), lexicon.role_cues()
    for group in (
        words.cues.prepositions,
        words.cues.titles,
        words.stop.words,
        roles.located,
        roles.bodies,
        roles.parts,
    ):
        assert all(word == word.lower() for word in group)


def test_adjectives_and_their_plurals() -> None:
    assert lexicon.demonyms()["iraqi"] == lexicon.demonyms()["iraqis"] == "IQ"


def test_the_roads_to_a_place(tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    names = Names(small_gazetteer(tmp_path_factory.mktemp("places")))
    for phrase, how in (
        ("Mosul", How.STRICT), ("al-Mosul", How.LOOSE), ("city of Mosul", How.GENERIC),
        ("Iraqis", How.ADJECTIVE), ("IL", How.ABBREVIATION),
    ):  # fmt: skip
        match = names.match(phrase)
        assert match is not None and match.how is how, phrase
    assert names.match("Monday") is None
    assert names.match("…") is None


def test_every_group_of_added_places_says_why_and_from_where() -> None:
    for file in ("regions", "sites", "towns"):
        for group in lexicon.load(file, lexicon.Added, lexicon.FOLDER).group:
            assert group.class_ and len(group.why) > 20 and group.source, group.class_
