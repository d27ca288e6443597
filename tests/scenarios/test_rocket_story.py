"""One report that tells of rockets across a border, of the answer to them, and of a blast elsewhere, with much said around them."""

from pathlib import Path

import pytest

from processors.geo import km
from processors.model import EventType, Incident
from tests.scenarios.replaying import post, replayed

STORY = """\
A handful of rockets flew on Sunday from Zummar, an Iraqi town, at the base near Rumaylan in north-eastern Syria that
houses American troops. It was the first such attack since early February, when groups backed by Iran halted their
operations in Iraq. It came as Iraq's prime minister flew home from Washington, where he had been received by the
president. A channel close to Kataib Hezbollah wrote that Iraqi factions would take up their attacks again because
talks about the coalition's withdrawal had led nowhere. Another channel, Sabreen News, countered that the group had
declared nothing of the kind. A U.S. official, speaking on condition of anonymity, said that more than five rockets
had been fired from Iraq at the base in Rumaylan. No American personnel were hurt in what the official called a failed
rocket attack. Whether the rockets fell short or were shot down was unclear. In response to the rocket fire, an
aircraft of the coalition struck the launcher in Zummar. A lorry with a rack for rockets had been parked there,
security sources said; it was destroyed in the air strike, an army officer confirmed. The day before, early on
Saturday, an explosion at a military base in Iraq's Babil province killed one member of a security force that includes
factions close to Iran. The force's commander called it an attack; the army said that it was still investigating and
that no aircraft had been in the sky at the time.
"""


@pytest.fixture(scope="module")
def incidents(place_index: Path) -> list[Incident]:
    found, _ = replayed([post("border-news", 1, "2024-04-22T12:00", STORY)], place_index)
    return [i for i in found if i.status == "open"]


def of(incidents: list[Incident], *types: EventType) -> Incident:
    found = [i for i in incidents if i.event_type in types]
    assert len(found) == 1, [(i.event_type, i.title) for i in incidents]
    return found[0]


def day(incident: Incident) -> str | None:
    return incident.when.local_date if incident.when else None


def near(incident: Incident, role: str, lat: float, lon: float, within_km: float) -> bool:
    places = [p for p in incident.places if p.role == role and p.lat is not None and p.lon is not None]
    return any(km(p.lat or 0, p.lon or 0, lat, lon) <= within_km for p in places)


def test_three_incidents_and_no_more(incidents: list[Incident]) -> None:
    types = sorted(i.event_type for i in incidents if i.event_type not in (EventType.RAID, EventType.THREAT))
    assert types == ["airstrike", "explosion_unattributed", "missile_rocket_artillery"]


def test_rockets_go_from_one_country_to_another(incidents: list[Incident]) -> None:
    rockets = of(incidents, EventType.MISSILE)
    assert near(rockets, "origin", 36.767, 42.633, 30)
    assert near(rockets, "target", 36.99, 41.95, 60)
    assert {p.country for p in rockets.places if p.role == "target"} == {"SY"}
    assert day(rockets) == "2024-04-21"


def test_rockets_failed_and_hurt_nobody(incidents: list[Incident]) -> None:
    rockets = of(incidents, EventType.MISSILE)
    assert rockets.outcome == "failed"
    assert rockets.killed is not None and rockets.killed.best == 0
    assert max(w.count.min or 0 for w in rockets.weapons if w.count) == 6


def test_what_the_official_says_is_a_claim_of_the_official(incidents: list[Incident]) -> None:
    rockets = of(incidents, EventType.MISSILE)
    said = [c for c in rockets.claims if "official" in c.by.lower()]
    assert said and any(c.anonymous for c in said)
    assert all(c.quote in STORY for c in said)


def test_nobody_is_blamed_without_words(incidents: list[Incident]) -> None:
    blamed = of(incidents, EventType.MISSILE).perpetrators + of(incidents, EventType.EXPLOSION).perpetrators
    assert [a.text for a in blamed if a.certainty == "reported"] == []


def test_the_answer_is_an_incident_of_its_own(incidents: list[Incident]) -> None:
    strike, rockets = of(incidents, EventType.AIRSTRIKE, EventType.DRONE_STRIKE), of(incidents, EventType.MISSILE)
    assert near(strike, "target", 36.767, 42.633, 30)
    assert any("coalition" in f"{a.text} {a.name}".lower() for a in strike.perpetrators)
    assert any(r.incident_id == rockets.incident_id and r.relation == "retaliation_for" for r in strike.related)


def test_the_blast_is_contested(incidents: list[Incident]) -> None:
    blast = of(incidents, EventType.EXPLOSION)
    assert day(blast) == "2024-04-20"
    assert blast.killed is not None and blast.killed.best == 1
    assert any("commander" in c.by.lower() for c in blast.claims)
    assert blast.contested
