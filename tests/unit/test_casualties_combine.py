"""Totals over a text: each person once."""

import pytest

from processors.extract.casualties import combine_tolls, find_tolls
from processors.model import Count, EventType
from tests.unit.times_samples import analysed


def bounds(count: Count | None) -> tuple[int | None, int | None] | None:
    return (count.min, count.max) if count else None


def total(text: str, event_type: EventType | None = None) -> tuple[object, object, object]:
    analysis = analysed(text)
    tolls = [t for s in analysis.sentences for t in find_tolls(analysis, s)]
    found = combine_tolls(tolls, analysis.text, event_type)
    return bounds(found.killed), bounds(found.injured), bounds(found.attackers_killed)


TOTALS = [
    ("A guard was shot dead. The victim was pronounced dead at the scene.", (1, 1), None),
    ("Two guards were killed. Omar Haddad, 41, and Sami Nasr, 30, died at the gate.", (2, 2), None),
    ("Omar Haddad, 41, was shot dead. Haddad died at once.", (1, 1), None),
    ("Four people were shot, one fatally, outside a club.", (1, 1), (3, 3)),
    ("Three people were shot. One of them died at hospital.", (1, 1), (2, 2)),
    ("One guard was killed and another was wounded.", (1, 1), (1, 1)),
    ("A clerk was shot. He was taken to hospital. He later died.", (1, 1), None),
    ("Five people were killed, including two children.", (5, 5), None),
    ("Five people were killed. Four of the dead were children.", (5, 5), None),
    ("Three guards were killed, bringing the toll to 12.", (12, 12), None),
    ("A guard was killed and another guard died at hospital.", (2, 2), None),
    ("Two guards were killed. No injuries were reported.", (2, 2), (0, 0)),
    ("Nobody was hurt.", (0, 0), (0, 0)),
    ("All 14 crew are safe, her owner said.", (0, 0), (0, 0)),
    ("Two killed, 3 hurt at the mill. Two people are dead and three others hurt, police said.", (2, 2), (3, 3)),
    ("Police say a man with a rifle killed another man.", (1, 1), None),
    ("The attack left 14 people killed and 21 others wounded or hurt.", (14, 14), (21, 21)),
    ("Omar Haddad shot twice at the barn. No one was hurt.", (0, 0), (0, 0)),
    ("The shooting suspect Omar Haddad gave himself up. No one was hurt.", (0, 0), (0, 0)),
    ("A toddler accidentally shot himself. He was flown to a hospital.", None, (1, 1)),
    ("Two people were wounded at a motel. The elder victim died at a hospital.", (1, 1), (1, 1)),
    ("The blast left a clerk in critical condition. She later died.", (1, 1), None),
    ("A guard was killed. A helper suffered a concussion.", (1, 1), (1, 1)),
    ("A guard lost his left foot and two others were hurt.", None, (3, 3)),
    ("Tractor on a mine. Driver 200, helper 300.", (1, 1), (1, 1)),
    ("Knife attack by a lone man, one of three victims has died.", (1, 1), None),
    ("Four men were shot dead. The four dead were between 22 and 37.", (4, 4), None),
    ("A nurse of 66 who was stabbed on Monday died on Friday.", (1, 1), None),
    ("A girl wounded by the shell died, bringing the dead to four. Four others are in hospital.", (4, 4), (4, 4)),
    ("Five men died. On Friday a sixth dead was counted.", (5, 5), None),
    ("The ministry raised its toll from five to seven dead and from seven to nine wounded.", (7, 7), (9, 9)),
    ("A third guard died overnight, after the army had put its dead at two.", (3, 3), None),
    ("One guard was hurt on Friday. The number of wounded in the raid stands at two.", None, (2, 2)),
    ("Two guards died. Raids in the north had killed more than 120 people in eight months.", (2, 2), None),
    ("Two guards were killed. Cholera: 31 deaths since 1 August.", (2, 2), None),
    ("Smoke rose over the port.", None, None),
    ("Two guards were killed on Monday. So far this year 40 people were killed.", (2, 2), None),
]


@pytest.mark.parametrize(("text", "killed", "injured"), TOTALS)
def test_totals(text: str, killed: object, injured: object) -> None:
    assert total(text)[:2] == (killed, injured)


def test_attackers_stay_apart_except_where_all_sides_count() -> None:
    text = "Gunmen killed three guards. Two gunmen were killed."
    assert total(text, EventType.SHOOTING) == ((3, 3), None, (2, 2))
    assert total(text, EventType.ARMED_CLASH) == ((5, 5), None, (2, 2))


def test_fighters_named_together_with_others_stay_apart() -> None:
    text = "Four soldiers and two gunmen were killed, bringing the toll among its men to six."
    assert total(text, EventType.SHOOTING) == ((6, 6), None, (2, 2))
    assert total(text, EventType.ARMED_CLASH) == ((8, 8), None, (2, 2))


def test_whoever_is_stopped_before_is_the_attacker() -> None:
    text = "A man with a knife wounded three people before officers shot him dead."
    assert total(text, EventType.ASSAULT) == (None, (3, 3), (1, 1))


def test_those_who_died_of_the_hurt_come_off() -> None:
    text = "A bomb wounded six people on Tuesday. Two of the wounded died overnight."
    assert total(text, EventType.BOMBING) == ((2, 2), (4, 4), None)


def test_a_toll_in_a_claimed_deed_is_no_boast() -> None:
    for text in (
        "The bombing that killed six people was claimed by the group.",
        "The group claimed responsibility for the bombing that killed six people.",
    ):
        assert total(text, EventType.BOMBING)[0] == (6, 6)


def test_a_figure_of_today_beside_the_first_of_this_year() -> None:
    assert total("The attack, which wounded nine shoppers, was the first there this year.")[1] == (9, 9)
    assert total("Attacks there have killed nine people this year.")[0] is None


def test_fighters_count_as_the_event_has_it() -> None:
    text = "Troops killed five militants and a clerk was wounded."
    assert total(text, EventType.AIRSTRIKE)[0] == (5, 5)
    assert total(text, EventType.BOMBING)[0] is None


def test_whom_a_thing_harms_is_its_victim() -> None:
    text = "A roadside bomb killed two rebel fighters and a clerk was wounded."
    assert total(text, EventType.BOMBING) == ((2, 2), (1, 1), None)


def test_a_boast_is_no_toll() -> None:
    assert total("The army said it had neutralised 30 terrorists.", EventType.AIRSTRIKE)[0] is None
    assert total("More than 30 terrorists were neutralised.", EventType.ARMED_CLASH)[0] is None
    assert total("Two bandits were neutralised in the gunfight.", EventType.ARMED_CLASH)[0] == (2, 2)
