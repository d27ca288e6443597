from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.errors import ResourceError
from processors.places.build import installed, is_current
from processors.places.dumps import parse
from processors.places.entries import english_name
from processors.places.index import Gazetteer
from processors.places.keys import key, loose
from processors.places.pack import serialise
from processors.places.records import Kind
from tests.unit.places_fixture import PLACES, small_gazetteer


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return small_gazetteer(tmp_path_factory.mktemp("places"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Ba'aj", "al baaj"),
        ("N’Djaména", "Ndjamena"),
        ("Ёлкино", "елкино"),
        ("أربيل", "اربيل"),
        ("خیبر", "خيبر"),
        ("ירושלים", "ירושלימ"),
        ("Łódź", "Lodz"),
    ],
)
def test_spellings_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_letters_that_only_look_marked_stay() -> None:
    assert key("Рай") != key("Раи")
    assert key("Київ") == "київ"


@given(st.text(max_size=40))
def test_key_is_stable(text: str) -> None:
    assert key(key(text)) == key(text)
    assert "  " not in key(text)


def test_loose_drops_the_article() -> None:
    assert loose("Al Qaim") == "qaim"
    assert loose("الرمادي") == "رمادي"
    assert loose("Saint-Denis") == "st denis"


def test_lookup_gives_every_namesake(gazetteer: Gazetteer) -> None:
    assert {(c.admin1, c.population) for c in gazetteer.lookup("Springfield")} == {
        ("Ohio", 58_000),
        ("Illinois", 114_000),
    }


def test_lookup_tries_the_loose_key_last(gazetteer: Gazetteer) -> None:
    assert [c.name for c in gazetteer.lookup("al-Ba'aj")] == ["Al Ba'aj"]
    assert [c.name for c in gazetteer.lookup("al-Mosul")] == ["Mosul"]
    assert gazetteer.lookup("Atlantis") == []


def test_every_name_leads_to_its_place(gazetteer: Gazetteer) -> None:
    for place in PLACES:
        for name in place.names:
            assert place.geonameid in {c.geonameid for c in gazetteer.lookup(name)}, name


def test_candidate_holds_what_was_built_in(gazetteer: Gazetteer) -> None:
    place = gazetteer.lookup("Мосул")[0]
    assert (place.name, place.country, place.admin1, place.kind) == ("Mosul", "IQ", "Nineveh", Kind.TOWN)
    assert (place.lat, place.lon) == pytest.approx((36.335, 43.119), abs=1e-4)


def test_longest_name_of_a_first_word(gazetteer: Gazetteer) -> None:
    assert gazetteer.longest("united") == 2
    assert gazetteer.longest("mosul") == 1


def test_damaged_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError):
        Gazetteer.open(tmp_path / "none.idx")
    (tmp_path / "bad.idx").write_bytes(b"no index at all")
    with pytest.raises(ResourceError, match="no place index"):
        Gazetteer.open(tmp_path / "bad.idx")
    small_gazetteer(tmp_path)
    whole = (tmp_path / "places.idx").read_bytes()
    (tmp_path / "cut.idx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ResourceError):
        Gazetteer.open(tmp_path / "cut.idx")


ROW = "2525\tTell Abad\tTell Abad\tTal Abad,تل أباد\t36.5\t42.7\tP\tPPL\tIQ\t\t15\t\t\t\t1200\t\t\tAsia/Baghdad\t2020-01-01"


def test_a_dump_row_is_read() -> None:
    entry = parse(ROW)
    assert entry is not None
    assert (entry.geonameid, entry.country, entry.province, entry.population) == (2525, "IQ", ("IQ", "15"), 1200)
    assert "تل أباد" in entry.names
    assert parse(ROW.replace("\tP\tPPL\t", "\tH\tWLL\t")) is None


@pytest.mark.parametrize(
    "broken", ["", "2525\tTell Abad", ROW.replace("36.5", "north"), ROW.replace("36.5", "99"), ROW.replace("2525", "x")]
)
def test_a_broken_dump_row_is_an_error(broken: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        parse(broken)


def test_the_plain_english_name_of_a_province() -> None:
    assert english_name("Cherkaska oblast", ["Cherkaska oblast", "Cherkasy", "Cherkasy Oblast"]) == "Cherkasy"
    assert english_name("Borno", ["Borno"]) == "Borno"


def test_an_index_of_older_sources_is_built_again_and_one_with_dumps_is_not(tmp_path: Path) -> None:
    def index(*sources: str) -> Gazetteer:
        file = tmp_path / "places.idx"
        file.write_bytes(serialise(PLACES, sources)[0])
        return Gazetteer.open(file)

    assert is_current(index(*installed()))
    assert not is_current(index(*installed()[:-1], "tocsin of another day"))
    assert is_current(index(*installed()[:-1], "tocsin of another day", "IQ.txt"))
