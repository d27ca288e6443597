"""The alias list: spellings, periods, and states with their forces."""

from datetime import date

import pytest

from processors.extract.actors.names import REGIONS, AliasFile, find_names, resolve_name
from processors.lexicon.load import load

SPELLINGS = [
    ("ISIL", "Islamic State"),
    ("داعش", "Islamic State"),
    ("the Houthis"[4:], "Houthis"),
    ("الحوثيون", "Houthis"),
    ("хуситы", "Houthis"),
    ("צה״ל", "Israel Defense Forces"),
    ("حزب الله", "Hezbollah"),
    ("قوات الدعم السريع", "Rapid Support Forces"),
    ("Ansarallah", "Houthis"),
    ("Lashkar-e-Tayyiba", "Lashkar-e-Taiba"),
    ("Lashkar e Taiba", "Lashkar-e-Taiba"),
    ("Chadian army", "Chad"),
    ("Kenya's navy", "Kenyan Navy"),
    ("U.S. forces", "United States"),
]


@pytest.mark.parametrize(("spelling", "name"), SPELLINGS)
def test_spellings_lead_to_one_name(spelling: str, name: str) -> None:
    found = resolve_name(spelling)
    assert found is not None
    assert found.name == name


def test_a_name_counts_from_its_first_year_on() -> None:
    assert resolve_name("Viv Ansanm", on=date(2024, 4, 1)) is not None
    assert resolve_name("Viv Ansanm", on=date(1989, 4, 1)) is None


def test_of_several_bearers_the_one_of_that_time_is_meant() -> None:
    then, now = resolve_name("Syrian army", on=date(2015, 1, 1)), resolve_name("Syrian army", on=date(2025, 9, 1))
    assert then is not None and now is not None
    assert (then.since, now.since) == (None, 2025)


def test_a_group_of_the_past_is_still_known() -> None:
    assert resolve_name("FMLN", on=date(2024, 4, 1)) is not None


@pytest.mark.parametrize("word", ["is", "us", "polish", "turkey", "chad", "contras"])
def test_common_words_are_no_names(word: str) -> None:
    assert resolve_name(word) is None


def test_names_in_a_text_are_found_longest_first() -> None:
    text = "Fighters of the Islamic State Khorasan Province met the Indian Army near Kandahar."
    assert [(text[a:b], k.options[0].name) for a, b, k in find_names(text)] == [
        ("Islamic State Khorasan Province", "Islamic State Khorasan Province"),
        ("Indian Army", "Indian Army"),
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_alias_files_are_sound(region: str) -> None:
    actors = load(region, AliasFile, "actors").actors
    names = [a.name for a in actors]
    assert len(names) == len(set(names))
    assert all((a.since or 0) <= (a.until or 9999) for a in actors)
    assert all(a.country is None or (len(a.country) == 2 and a.country.isupper()) for a in actors)


def test_there_are_several_hundred_actors() -> None:
    assert sum(len(load(region, AliasFile, "actors").actors) for region in REGIONS) > 500
