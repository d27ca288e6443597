"""What a story's words say of it: type, place, time, tolls, outcome, actors, weapons."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from processors.extract.actors import Roles, find_actors
from processors.extract.analysis import Analysis, Sentence
from processors.extract.casualties import Combined, combine_tolls
from processors.extract.clauses import shares_side
from processors.extract.event_types import EXPLODING, evidence, settle_type
from processors.extract.known import Known
from processors.extract.outcome import outcome_of
from processors.extract.own_places import own_toponyms
from processors.extract.story import Story, Telling, vague
from processors.extract.weapons import find_weapons
from processors.model import Actor, EventType, Modality, Outcome, Place, Span, Weapon, When
from processors.places.roles import assign_roles
from processors.times.event_time import event_time
from processors.times.expression import TimeExpression
from processors.times.interval import resolve_interval
from processors.times.zones import zone_of, zone_of_country

PEOPLE = (
    "residents?|villagers?|locals|inhabitants?|townspeople|(?:eye)?witness(?:es)?|neighbours?|neighbors?|people|elders?"
)
WITNESSES = re.compile(rf"\b(?:{PEOPLE}) (?:of|from|in|near) (?:the (?:\w+ )?(?:town|city|village|camp) of )?$", re.I)
TELL = re.compile(
    r"[^.;:]{0,40}?\b(?:said|say|says|told|reported|report|described|recounted|counted|heard|saw)\b", re.I
)
MODALITY_ORDER = (
    Modality.ACTUAL,
    Modality.DENIED,
    Modality.PLANNED,
    Modality.EXERCISE,
    Modality.HYPOTHETICAL,
    Modality.HISTORICAL,
)


def event_type_of(story: Story) -> EventType:
    """By the words that tell the method themselves; else by method words in the sentences of general ones ("killed");
    else by what the lexicon has these mean.
    """
    triggers = [t.trigger for t in story.tellings if not story.aside(t)] or [t.trigger for t in story.tellings]
    if telling := [t for t in triggers if not vague(t)]:
        return settle_type(telling)
    blast = any(t.rule.startswith("explosion") for t in triggers)
    methods = [e.method for t in story.tellings for e in evidence(t.sentence)]
    if methods := [m for m in methods if not blast or m.type in EXPLODING]:
        return max(methods, key=lambda m: m.weight).type
    return EventType.EXPLOSION if blast else settle_type(triggers)


def modality_of(story: Story) -> Modality:
    told = {t.judgement.modality for t in story.tellings}
    return next(m for m in MODALITY_ORDER if m in told)


def places_of(known: Known, story: Story, first: Telling, event_type: EventType) -> list[Place]:
    """The places of the telling that says best where; the story's other sentences help out."""
    body_first = sorted(story.ordered, key=lambda t: t.in_title)  # a headline leaves much open
    teller = next((t for t in body_first if any(p.precision in ("exact", "locality") for p in t.spots)), None)
    teller = teller or next((t for t in story.ordered if t.spots), first)
    start, end = teller.trigger.start, teller.trigger.end
    toponyms = own_toponyms(known, teller.sentence, teller.trigger)
    places = assign_roles(known.analysis, teller.sentence, start, end, event_type, toponyms, story.sentences)
    if any(p.role == "target" for p in places):
        return places
    return _labelled(places) if teller.point else _of_witnesses(known.analysis, places)


def _of_witnesses(analysis: Analysis, places: Sequence[Place]) -> list[Place]:
    """Where no other place is told, what the residents of a town say fell on "the market" fell there."""
    home = next((p for p in places if p.role == "mentioned" and _lived_in(analysis.text, p)), None)
    if home is None:
        return list(places)
    return [msgspec.structs.replace(home, role="target"), *(p for p in places if p is not home)]


def _lived_in(text: str, place: Place) -> bool:
    town = place.precision in ("exact", "locality") and place.lat is not None
    return bool(town and WITNESSES.search(text[: place.start]) and TELL.match(text[place.end :]))


def _labelled(places: Sequence[Place]) -> list[Place]:
    """A point of a list happened where its label says, though no syntax ties the two."""
    towns = [p for p in places if p.role == "mentioned" and p.precision in ("exact", "locality") and p.lat is not None]
    first = min(towns, key=lambda p: p.start, default=None)
    if first is None:
        return list(places)
    return [msgspec.structs.replace(first, role="target"), *(p for p in places if p is not first)]


def when_of(known: Known, story: Story, kept: Sequence[Story], places: Sequence[Place]) -> When | None:
    told = _time_told(known, story, kept)
    return resolve_interval(told, _zone(places), known.analysis.document.item.published_at) if told else None


def _time_told(known: Known, story: Story, kept: Sequence[Story]) -> TimeExpression | None:
    """What the own sentences say; else, for an answer, when that happened which it answered; else, where the text has
    no other story, what the rest of the text says.
    """
    first = story.lead
    alone = sum(s.actual for s in kept) == 1 and story.actual
    sentences = known.analysis.sentences if alone else story.sentences
    within = [t for t in known.times if any(s.start <= t.start < s.end for s in sentences)]
    start, end = first.trigger.start, first.trigger.end
    around = [*story.sentences, *sentences]
    if told := next((t.time for t in story.ordered if t.time), None):
        finer = [t for t in within if told.first <= t.first and t.until <= told.until]
        sharper = event_time(known.analysis, first.sentence, start, end, finer, around) if _is_coarse(told) else None
        return sharper or told
    told = event_time(known.analysis, first.sentence, start, end, within, around)
    if told is None and story.answers in kept and story.answers is not None:
        return _time_told(known, story.answers, kept)
    return told


def _is_coarse(time: TimeExpression) -> bool:
    """ "last week": another sentence may tell the day."""
    return time.precision in ("week", "month")


def _zone(places: Iterable[Place]) -> str | None:
    for place in places:
        if place.role == "target" and place.lat is not None and place.lon is not None:
            return zone_of_country(place.country) if place.precision == "country" else zone_of(place.lat, place.lon)
    return None


def tolls_of(known: Known, story: Story, kept: Sequence[Story], event_type: EventType) -> Combined:
    """Figures of the story's sentences; where a sentence tells several stories, each figure goes to the nearest
    trigger.
    """
    own = [
        toll
        for s in story.sentences
        for toll in known.tolls_of(s)
        if _nearest_story(s, toll.start, kept) in (None, story)
    ]
    if modality_of(story) is Modality.HISTORICAL:  # background is its own story here
        own = [replace(toll, background=False) for toll in own]
    return combine_tolls(own, known.analysis.text, event_type)


def _nearest_story(sentence: Sentence, offset: int, kept: Sequence[Story]) -> Story | None:
    near = [
        (_gap(sentence, t.trigger.start, offset), n)
        for n, s in enumerate(kept)
        for t in s.tellings
        if t.sentence is sentence
    ]
    return kept[min(near)[1]] if near else None


def _gap(sentence: Sentence, one: int, other: int) -> tuple[int, int]:
    """Semicolons, then characters, between two offsets: what stands behind one tells something else."""
    first, last = sorted((one, other))
    return sentence.text.count(";", first - sentence.start, last - sentence.start), last - first


def outcome_of_story(
    analysis: Analysis, story: Story, kept: Sequence[Story], event_type: EventType, tolls: Combined
) -> tuple[Outcome, Span | None]:
    """As the story's own sentences say; those that tell another story besides speak of that one's success, not of this."""
    trigger, sentence = story.lead.trigger, story.lead.sentence
    own = _own_sentences(story, kept)
    outcome, said = outcome_of(analysis, sentence, trigger.start, trigger.end, event_type, own)
    hinted = next((t.judgement for t in story.tellings if t.judgement.outcome_hint != "unknown"), None)
    words = said or (hinted.cue if hinted else None)  # no outcome without words that say it
    hurt = any(c is not None and (c.min or 0) > 0 for c in (tolls.killed, tolls.injured))
    return (hinted.outcome_hint, words) if hinted and words and not hurt else (outcome, said)


def _own_sentences(story: Story, kept: Sequence[Story]) -> list[Sentence]:
    """The story's sentences but those that tell another story besides; the lead's own stays."""
    others = {t.sentence.index for s in kept if s is not story for t in s.tellings}
    first = story.lead.sentence
    return [s for s in story.sentences if s.index not in others or s is first]


def roles_of(analysis: Analysis, story: Story, kept: Sequence[Story], event_type: EventType) -> Roles:
    """Actors of the tellings that tell the act, the lead's first, each once. "The incident" has none of its own."""
    first = story.lead
    telling = [t for t in story.ordered if t is first or not (story.aside(t) or t.trigger.anaphoric)]
    own = _own_sentences(story, kept)
    found = [(t, find_actors(analysis, t.sentence, t.trigger.start, t.trigger.end, event_type, own)) for t in telling]
    others = [t for s in kept if s is not story for t in s.tellings]
    return Roles(
        perpetrators=_once(a for t, r in found for a in r.perpetrators if _in_clause(t, others, a)),
        targets=_once(a for t, r in found for a in r.targets if _in_clause(t, others, a)),
        victims=_once(a for t, r in found for a in r.victims if _in_clause(t, others, a)),
    )


def _in_clause(telling: Telling, others: Iterable[Telling], actor: Actor) -> bool:
    """Whether an actor is none of a clause beside the telling's own in which another incident is told."""
    sentence = telling.sentence
    if actor.start is None or not sentence.start <= actor.start < sentence.end:
        return True
    beside = [sentence.tokens[o.trigger.token] for o in others if o.sentence is sentence]
    return shares_side(sentence.tokens[telling.trigger.token], beside, actor.start - sentence.start)


def _once(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    return tuple({(a.name or a.text).casefold(): a for a in reversed(list(actors))}.values())[::-1]


def weapons_of(analysis: Analysis, story: Story, kept: Sequence[Story]) -> tuple[Weapon, ...]:
    found = [
        w
        for s in story.sentences
        if s.doc is not None
        for w in find_weapons(analysis, s)
        if _nearest_story(s, w.start if w.start is not None else s.start, kept) in (None, story)
    ]
    best: dict[str, Weapon] = {}
    for weapon in found:
        known = best.get(weapon.type)
        if known is None or _figure(weapon) > _figure(known):
            best[weapon.type] = weapon
    return tuple(best.values())


def _figure(weapon: Weapon) -> int:
    """The number told, 0 for none: of "several" and "more than five" the second says more."""
    return (weapon.count.min or 0) if weapon.count else 0
