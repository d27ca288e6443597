"""What differs between an incident as a reader last heard of it and as it is now, in words, and how much it matters.

grave     more dead, more severe than moderate, no longer held up by anybody, or wrong by its own source's edit
news      adds to what was said, or replaces it on the word of more sources than said it
reversal  takes back what was said, though no source did: fewer dead, another type, place, day or outcome, one with
          another incident
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from processors.assess import SEVERITIES, at_least
from processors.model import Actor, AlertKind, EventType, Incident, Place, Tally
from processors.resolve.pairs import apart_km
from processors.resolve.signs import spot_of

MOVED_KM = 40.0
KINDS: tuple[AlertKind, ...] = ("merge", "retraction", "correction", "update")  # of several the first names the alert
# A type that is a kind of another makes it more precise; any is a kind of blast.
KIND_OF: dict[EventType, frozenset[EventType]] = {
    EventType.SUICIDE_BOMBING: frozenset({EventType.BOMBING}),
    EventType.DRONE_STRIKE: frozenset({EventType.AIRSTRIKE}),
    EventType.ASSASSINATION: frozenset({EventType.SHOOTING, EventType.BOMBING}),
}
STATE = frozenset({"state_force", "government", "police"})

Weight = Literal["grave", "news", "reversal"]


class Change(msgspec.Struct, frozen=True):
    """One value that differs. `kind`: of the alert that it calls for."""

    slot: str
    words: str
    kind: AlertKind
    weight: Weight


def changes(old: Incident, new: Incident) -> tuple[Change, ...]:
    """All that matters to who was told `old`; corrections first. Empty where nothing does."""
    if new.status == "merged":
        merged = Change("status", f"merged into {new.merged_into}", "merge", "reversal")
        return (merged,) if old.status != "merged" else ()
    if new.status == "retracted":
        fallen = Change("status", "no source holds it up any more", "retraction", "grave")
        return (fallen,) if old.status == "open" else ()
    again = [Change("status", "open again", "update", "news")] if old.status != "open" else []
    return (*_fallen(old, new), *_replaced(old, new), *again, *_risen(old, new), *_added(old, new))


def change(old: Incident, new: Incident) -> tuple[AlertKind | None, tuple[str, ...]]:
    """The kind of alert that the changes call for, None where nothing matters, and the reasons in words."""
    found = changes(old, new)
    return kind_of(found), tuple(c.words for c in found)


def kind_of(found: Sequence[Change]) -> AlertKind | None:
    """The kind of an alert of several changes."""
    return min((c.kind for c in found), key=KINDS.index, default=None)


def best(tally: Tally | None) -> int | None:
    """The one figure to show."""
    return tally.best if tally else None


def _fallen(old: Incident, new: Incident) -> Iterator[Change]:
    """Figures that are lower; those who died of their wounds are no longer hurt, which is no error."""
    died = _died_of_wounds(old, new)
    for slot, a, b in _figures(old, new):
        if a is not None and b is not None and b < a and not (died and slot == "injured"):
            yield Change(slot, f"{slot} {a}→{b}", "correction", "grave" if _edited(old, new) else "reversal")


def _replaced(old: Incident, new: Incident) -> Iterator[Change]:
    """Values that another takes the place of."""
    more = new.independent_sources > old.independent_sources
    weight: Weight = "grave" if _edited(old, new) else "news" if more else "reversal"
    if old.event_type != new.event_type and not _more_precise(old.event_type, new.event_type):
        yield Change("type", f"type {old.event_type.value}→{new.event_type.value}", "correction", weight)
    if moved := _moved(old, new):
        yield Change("place", moved, "correction", weight)
    days = old.when and old.when.local_date, new.when and new.when.local_date
    if all(days) and days[0] != days[1]:
        yield Change("date", f"date {days[0]}→{days[1]}", "correction", weight)
    if old.outcome not in ("unknown", new.outcome):
        yield Change("outcome", f"outcome {old.outcome}→{new.outcome}", "correction", weight)


def _risen(old: Incident, new: Incident) -> Iterator[Change]:
    """Figures that are higher or new, and the severity that follows."""
    for slot, a, b in _figures(old, new):
        if b is not None and (a is None or b > a):
            grave = slot == "killed" and b > 0
            yield Change(slot, f"{slot} {'?' if a is None else a}→{b}", "update", "grave" if grave else "news")
    if died := _died_of_wounds(old, new):
        yield Change("died", f"{died} of the injured died", "update", "news")
    if SEVERITIES.index(new.severity) > SEVERITIES.index(old.severity):
        weight: Weight = "grave" if at_least(new.severity, "severe") else "news"
        yield Change("severity", f"severity {old.severity}→{new.severity}", "update", weight)


def _added(old: Incident, new: Incident) -> Iterator[Change]:
    """What nobody had said before."""
    if old.event_type != new.event_type and _more_precise(old.event_type, new.event_type):
        yield Change("type", f"type {old.event_type.value}→{new.event_type.value}", "update", "news")
    if old.outcome == "unknown" != new.outcome:
        yield Change("outcome", f"outcome {new.outcome}", "update", "news")
    if _target(old) is None and (place := _target(new)) is not None:
        yield Change("place", f"place {place.name or place.text}", "update", "news")
    for actor in new.perpetrators:
        if not any(_one_party(actor, known) for known in old.perpetrators):
            yield Change("perpetrator", f"perpetrator {actor.name or actor.text}", "update", "news")
    for slot in (s for s in new.contested if s not in old.contested):
        yield Change(f"contested {slot}", f"{slot} contested", "update", "news")
    if int(new.grade[1]) <= 2 < int(old.grade[1]):
        yield Change("grade", f"grade {old.grade}→{new.grade}", "update", "news")


def _one_party(one: Actor, other: Actor) -> bool:
    """The same name, or a state and its own forces."""
    state = {one.kind, other.kind} <= STATE and one.country is not None and one.country == other.country
    return state or (one.name or one.text).casefold() == (other.name or other.text).casefold()


def _edited(old: Incident, new: Incident) -> bool:
    """A source has put other words in the place of its own since."""
    before, after = _revisions(old.items), _revisions(new.items)
    return any(after[key] > before[key] for key in before.keys() & after.keys())


def _revisions(items: Sequence[str]) -> dict[str, int]:
    """Item → its newest revision; items are source_id/external_id@revision."""
    found: dict[str, int] = {}
    for key, _, revision in (item.rpartition("@") for item in items):
        found[key] = max(int(revision), found.get(key, 0))
    return found


def _more_precise(old: EventType, new: EventType) -> bool:
    return old is EventType.EXPLOSION or old in KIND_OF.get(new, ())


def _died_of_wounds(old: Incident, new: Incident) -> int:
    """How many moved from the injured to the killed: those hurt are fewer by no more than the dead are more."""
    hurt, dead = ((best(getattr(old, s)), best(getattr(new, s))) for s in ("injured", "killed"))
    if hurt[0] is None or hurt[1] is None or dead[1] is None:
        return 0
    fewer, more = hurt[0] - hurt[1], dead[1] - (dead[0] or 0)
    return fewer if 0 < fewer <= more else 0


def _figures(old: Incident, new: Incident) -> list[tuple[str, int | None, int | None]]:
    return [
        (slot, best(getattr(old, slot)), best(getattr(new, slot))) for slot in ("killed", "injured", "attackers_killed")
    ]


def _target(incident: Incident) -> Place | None:
    return next((p for p in incident.places if p.role == "target"), None)


def _moved(old: Incident, new: Incident) -> str | None:
    """To where neither area reaches."""
    a, b = spot_of(old.places), spot_of(new.places)
    before, after = _target(old), _target(new)
    if a is None or b is None or before is None or after is None:
        return None
    if apart_km(a, b) <= max(MOVED_KM, a.radius, b.radius) or _within(before, after) or _within(after, before):
        return None
    return f"place {before.name or before.text}→{after.name or after.text}"


def _within(place: Place, area: Place) -> bool:
    """The same place, told more and less precisely: a town and its province or country."""
    if place.country is None or place.country != area.country:
        return False
    return area.precision == "country" or (area.precision == "admin1" and area.name in (place.admin1, place.name))
