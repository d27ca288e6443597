"""Who did it, where the words depend on the text around them: short names, uniforms, both sides of a fight."""

from datetime import UTC, datetime
from functools import cache

import pytest

from processors.extract.actors.local import names_told
from processors.model import Item, Mention
from processors.pipeline import Pipeline

WHO = [
    ("A junta paramotor dropped two bombs on a wedding in Myaung, Myanmar, on Monday, killing seven.", "Myanmar military"),
    ("Regime jets bombed a clinic in Kyaukme, Myanmar, on Tuesday, killing four people.", "Myanmar military"),
    ("Masked settlers beat two Palestinian farmers with iron bars near Qusra on Tuesday.", "Israeli settlers"),
    (
        "The local affiliate of Islamic State claimed an attack on a barracks in Maiduguri, Nigeria, that killed 11 soldiers.",
        "Islamic State West Africa Province",
    ),
    (
        "Taliban officials blamed khawarij for the bomb that killed four in Kunduz, Afghanistan.",
        "Islamic State Khorasan Province",
    ),
    (
        "Two policemen were killed by an IED in Kumba, Cameroon, on Monday. Separatists of the ADF say they planted the device.",
        "Ambazonia Defence Forces",
    ),
    ("At least nine women were raped by men in RSF uniform on the road to Kutum, medics said.", "Rapid Support Forces"),
    ("Heavy clashes erupted between M23 rebels and Wazalendo fighters in Kalehe on Tuesday, leaving six dead.", "M23"),
    ("The Armenian side opened fire on Azerbaijani posts near Kalbajar on Tuesday, wounding a soldier.", "Armenia"),
    ("A car bomb killed two officers in Cali. The mayor pointed the finger at the Jaime Martinez front.", "Jaime Martínez front"),
    ("The NPA on Friday owned up to the killing of two soldiers in Masbate.", "New People's Army"),
    ("Overnight a Russian Lancet hit a tractor near Kupiansk and wounded the driver.", "Russia"),
    ("Units of the 47th Brigade struck a Russian column near Pokrovsk, killing six soldiers.", "47th Brigade"),
    ("Hooded men of the Los Choneros gang shot dead five people in Manta on Saturday.", "Los Choneros"),
    ("A spokesman for the Houthis warned that every British ship in the Gulf of Aden would be struck.", "Houthis"),
]  # fmt: skip
NOBODY = [
    "Gunmen wearing army uniforms shot dead four traders in Leer on Monday.",
    "Kinshasa accuses Rwanda of backing the rebels. A bomb killed three people in Goma on Monday.",
    "A bomb killed four in Quetta on Monday. Islamabad accused Kabul of harbouring militants.",
    "Army commanders have accused the RSF of flying in weapons. A drone strike on Nyala airport on Thursday destroyed a plane.",
    "Four people were shot dead in a bar on Sunday, in an area disputed by the Jalisco cartel and local gangs.",
]


@cache
def _pipeline() -> Pipeline:
    return Pipeline(profile="light", gazetteer=None)


def _mentions(text: str) -> tuple[Mention, ...]:
    on = datetime(2026, 3, 4, 10, tzinfo=UTC)
    item = Item(source_id="wire", external_id="1", kind="new", published_at=on, body=text)
    return _pipeline().read([item])[0].mentions


@pytest.mark.parametrize(("text", "name"), WHO)
def test_the_words_around_say_who_it_is(text: str, name: str) -> None:
    told = [a for m in _mentions(text) for a in m.perpetrators if a.certainty != "denied"]
    assert name in {a.name for a in told}


@pytest.mark.parametrize("text", NOBODY)
def test_who_is_accused_of_something_else_or_only_dressed_alike_did_not_do_it(text: str) -> None:
    assert not [a.name for m in _mentions(text) for a in m.perpetrators if a.name]


def test_a_uniform_makes_a_suspect() -> None:
    told = _mentions("At least nine women were raped by men in RSF uniform on the road to Kutum, medics said.")
    assert {a.certainty for m in told for a in m.perpetrators if a.name} == {"suspected"}


def test_a_place_that_rivals_dispute_is_no_denial() -> None:
    told = _mentions("Gunmen killed six people on Sunday. The area is disputed by the Jalisco cartel and local gangs.")
    assert not [c for m in told for c in m.claims if c.stance == "denies"]


def test_short_names_count_only_in_texts_on_their_country() -> None:
    assert not [n for n in names_told("The junta struck a village.", ("ML",)) if n[2].sort == "alias"]
    (found,) = names_told("The junta struck a village.", ("MM",))
    assert found[2].options[0].name == "Myanmar military"
