"""Who did it, to whom: syntax around a trigger."""

import pytest

from tests.unit.actor_samples import analysed, roles

BY = [
    ("Gunmen killed five guards in an ambush on a convoy.", "killed", "Gunmen", None, "reported"),
    ("Two soldiers were shot dead by Al-Shabaab fighters.", "shot", "Al-Shabaab", "Al-Shabaab", "reported"),
    ("A Russian drone hit a bakery in the town.", "hit", "Russian", "Russia", "reported"),
    ("The bombing was carried out by the ELN.", "bombing", "ELN", "ELN", "reported"),
    ("A Taliban attack on a checkpoint left six dead.", "attack", "Taliban", "Taliban", "reported"),
    ("Suspected rebels stormed the village and killed a teacher.", "stormed", "rebels", None, "suspected"),
    ("The army said it had struck a depot. ", "struck", None, None, None),
    ("JNIM said its fighters had attacked the camp.", "attacked", "fighters", "JNIM", "claimed"),
    ("A cadre was killed in an encounter with the border police.", "killed", "border police", None, "reported"),
    ("JNIM said one of its men had driven the car that exploded.", "exploded", "JNIM", "JNIM", "claimed"),
    ("M23 rebels held the town after having attacked it at dawn.", "attacked", "M23 rebels", "M23", "reported"),
    ("A gang known as Red Hill set fire to the market.", "set fire", "Red Hill", "Red Hill", "reported"),
    (
        "Suspected Al-Shabaab militants blew up a police post.",
        "blew up",
        "Al-Shabaab militants",
        "Al-Shabaab",
        "suspected",
    ),
    ("Two guards were killed in RSF shelling of the town.", "shelling", "RSF", "Rapid Support Forces", "reported"),
    ("Baker killed in Indian firing near border", "firing", "Indian", "India", "reported"),
    ("Kenyan police shot and killed two students.", "shot", "Kenyan police", "Kenyan police", "reported"),
    ("Neighbours accused soldiers of shooting two drivers.", "shooting", "soldiers", None, "reported"),
    ("Hezbollah denied firing rockets at the farm.", "firing", "Hezbollah", "Hezbollah", "denied"),
    ("Men believed to be from the FDLR attacked a mill.", "attacked", "FDLR", "FDLR", "suspected"),
    ("Russian Iskander missile hits training ground", "hits", "Russian", "Russia", "reported"),
    ("The men, members of the ELN, killed four farmers.", "killed", "ELN", "ELN", "reported"),
    ("Four dead in attack by al-Shabaab on ferry", "dead", "al-Shabaab", "Al-Shabaab", "reported"),
    ("It was probably a Russian drone that struck the barn.", "struck", "Russian", "Russia", "suspected"),
    ("Indian and Pakistani troops exchanged fire.", "exchanged", "Indian", "India", "reported"),
    ("The gangs of Viv Ansanm set ablaze the town hall.", "set ablaze", "Viv Ansanm", "Viv Ansanm", "reported"),
    ("FMLN forces attacked the barracks.", "attacked", "FMLN", "FMLN", "reported"),
    (
        "The Bodo Liberation Army attacked a mill.",
        "attacked",
        "Bodo Liberation Army",
        "Bodo Liberation Army",
        "reported",
    ),
    ("Men hurled a grenade on a police party on Friday, injuring two.", "hurled", "Men", None, "reported"),
    ("Three smugglers were killed in a police encounter.", "killed", "police", None, "reported"),
    (
        "Nine died in the attack. Officials attribute the attack to drug traffickers.",
        "died",
        "drug traffickers",
        None,
        "reported",
    ),
    (
        "Six died in the attack. Omar Haddad is behind the attack, police said.",
        "died",
        "Omar Haddad",
        "Omar Haddad",
        "reported",
    ),
    ("Colonel Omar Haddad directed the attack on the mill.", "attack", "Omar Haddad", "Omar Haddad", "reported"),
    ("A bomb, planted by unidentified men, exploded at the depot.", "exploded", "unidentified men", None, "reported"),
    ("Two died in the attack, for which the rebels are being held responsible.", "attack", "rebels", None, "reported"),
    ("A judge accuses the death squads of carrying out the attack.", "attack", "death squads", None, "reported"),
    ("Officials said the drone that struck the car was Turkish.", "struck", "Turkish", "Turkey", "reported"),
]


@pytest.mark.parametrize(("text", "trigger", "words", "name", "certainty"), BY)
def test_perpetrators_are_those_whom_the_words_name(
    text: str, trigger: str, words: str | None, name: str | None, certainty: str | None
) -> None:
    found = roles(text, trigger).perpetrators
    if words is None:
        assert all(p.name is None for p in found)
    else:
        assert (words, name, certainty) in [(p.text, p.name, p.certainty) for p in found]


NOBODY = [
    ("A bomb exploded in a market in Afghanistan.", "exploded"),
    ("An Afghan bombing killed ten people.", "bombing"),
    ("Five people were killed in an attack in Ukraine.", "killed"),
    ("Teenager killed in raid on suburb", "killed"),
    ("No group has claimed responsibility for the blast.", "blast"),
    ("Twelve Red Hill militants killed in air strikes on Monday, officials said.", "militants killed"),
    ("Two policemen were killed in a police encounter.", "killed"),
    ("Police are hunting a man who left a device that exploded on Friday, wounding ten.", "exploded"),
    ("Soldiers found the body of a man who was shot on Friday.", "shot"),
    ("Sara Wolff, the party's leader, told reporters after the mayor was killed that she was threatened.", "killed"),
    ("The nine soldiers were on a visit and were wounded when a bomb exploded.", "exploded"),
    ("The envoy said Kenya must take action against those who shot the driver.", "shot"),
    ("Officials blamed the Workers' Party of Kenya for the bombing.", "bombing"),
    ("A drone struck a bus near Kabul on Tuesday.", "struck"),
    ("Jordan said it had intercepted a missile over the capital.", "intercepted"),
    ("Israel shot down two drones at dawn.", "shot down"),
    ("After the rocket attack soldiers apprehended two men.", "apprehended"),
    ("The Red Hill gang leader shot dead in prison.", "shot"),
]


@pytest.mark.parametrize(("text", "trigger"), NOBODY)
def test_nobody_is_blamed_without_words_that_do(text: str, trigger: str) -> None:
    assert roles(text, trigger).perpetrators == ()


def test_who_claims_a_blast_is_not_said_to_have_shot() -> None:
    text = "Men shot two drivers at a hotel. The Baloch Liberation Army has claimed the morning's blast."
    assert all(p.name is None for p in roles(text, "shot").perpetrators)


def test_accidents_and_protests_have_no_perpetrator() -> None:
    assert roles("A lorry driven by a soldier killed two people.", "killed", "accident_disaster").perpetrators == ()


RESPONSIBILITY = [
    ("A bomb hit the barracks. Boko Haram claimed responsibility for the attack.", "hit", "Boko Haram", "claimed"),
    ("A bomb hit the barracks. The governor blamed Boko Haram for it.", "hit", "Boko Haram", "reported"),
    ("A bomb hit the barracks. Police suspect Boko Haram.", "hit", "Boko Haram", "suspected"),
    ("A bomb hit the barracks. Boko Haram denied involvement.", "hit", "Boko Haram", "denied"),
    ("A bomb hit the barracks. Boko Haram (BH) today claimed responsibility.", "hit", "Boko Haram", "claimed"),
    ("A bomb hit the barracks. The doctors held Boko Haram responsible.", "hit", "Boko Haram", "reported"),
]


@pytest.mark.parametrize(("text", "trigger", "name", "certainty"), RESPONSIBILITY)
def test_responsibility_is_read_from_other_sentences(text: str, trigger: str, name: str, certainty: str) -> None:
    assert [(p.name, p.certainty) for p in roles(text, trigger, "bombing").perpetrators] == [(name, certainty)]


def test_a_round_ups_other_entries_say_nothing_of_this_one() -> None:
    text = "YEMEN: a shell killed three men; SUDAN: a bomb killed two, Boko Haram claims."
    assert roles(text, "shell killed", "missile_rocket_artillery").perpetrators == ()


HURT = [
    ("Gunmen killed five policemen in an attack on a checkpoint.", "killed", ["checkpoint"], ["policemen"]),
    ("A rocket struck a maternity hospital, wounding three nurses.", "struck", ["maternity hospital"], ["nurses"]),
    ("Dozens of villagers were abducted by bandits.", "abducted", [], ["villagers"]),
    ("The mayor, John Smith, was shot dead.", "shot", [], ["John Smith"]),
    ("The kidnapping of two engineers was reported.", "kidnapping", [], ["engineers"]),
    ("A bomb exploded in front of a bank on Monday.", "exploded", ["bank"], []),
    ("A device went off on the second floor of the Palm Hotel.", "went", ["Palm Hotel"], []),
    ("Two men placed charges under a lorry.", "placed", ["lorry"], []),
    ("A bomb exploded in the village on Monday.", "exploded", [], []),
    ("A bomb killed nine people, including a judge.", "killed", [], ["judge"]),
    ("Two guards were killed in a clash at the village.", "killed", [], ["guards"]),
    ("Rebels fired shells at the village.", "fired", ["village"], []),
    ("The driver, Alonso Lima, was shot dead.", "shot", [], ["Alonso Lima"]),
]


@pytest.mark.parametrize(("text", "trigger", "targets", "victims"), HURT)
def test_targets_are_things_and_victims_people(text: str, trigger: str, targets: list[str], victims: list[str]) -> None:
    found = roles(text, trigger)
    assert [t.text for t in found.targets] == targets
    assert [v.text for v in found.victims] == victims


@pytest.mark.parametrize(
    ("naming", "victims"),
    [
        ("The injured were Ramon Ortiz and Hugo Morales.", ["Ramon Ortiz", "Hugo Morales"]),
        ("The two wounded nuns are Ana Bran and Juana Flor.", ["Ana Bran", "Juana Flor"]),
        ("The dead were a cook and two drivers.", ["cook", "drivers"]),
        ("The dead end is a problem.", []),
    ],
)
def test_who_is_said_to_be_the_victims(naming: str, victims: list[str]) -> None:
    assert [v.text for v in roles(f"A bomb exploded in a mill. {naming}", "exploded", "bombing").victims] == victims


@pytest.mark.parametrize("text", [case[0] for case in BY + HURT])
def test_offsets_hold_the_words(text: str) -> None:
    analysis = analysed(text)
    for sentence in analysis.sentences:
        for token in sentence.tokens:
            found = roles(text, token.text) if token.pos_ in {"VERB", "NOUN"} else None
            for actor in (*found.perpetrators, *found.targets, *found.victims) if found else ():
                assert analysis.text[actor.start : actor.end] == actor.text
