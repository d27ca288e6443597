"""From triggers to mentions: which words of a text are one incident's own, and what they say of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from processors.extract import claim_slots
from processors.extract.actors import Roles, find_actors
from processors.extract.analysis import Analysis, Sentence
from processors.extract.casualties import Combined, Toll, combine_tolls, find_tolls
from processors.extract.causes import OF as CAUSE_OF
from processors.extract.causes import find_causes
from processors.extract.coreference import Story, Telling, list_points, stories, vague
from processors.extract.event_types import EXPLODING, evidence, settle_type
from processors.extract.events import Trigger, find_triggers
from processors.extract.modality import judge
from processors.extract.outcome import outcome_of
from processors.extract.story_sentences import assign_sentences
from processors.extract.weapons import find_weapons
from processors.model import (
    Actor,
    Claim,
    EventType,
    Mention,
    Modality,
    Outcome,
    Place,
    SourceTraits,
    Span,
    Weapon,
    When,
)
from processors.places.roles import assign_roles
from processors.places.toponyms import Toponym
from processors.times.event_time import event_time
from processors.times.expression import TimeExpression
from processors.times.interval import resolve_interval
from processors.times.zones import zone_of, zone_of_country

WORDS = 600  # characters of a story's sentences that are kept for comparing wordings
SLIGHT = {EventType.RAID, EventType.THREAT, EventType.PROTEST}
MODALITY_ORDER = (
    Modality.ACTUAL,
    Modality.DENIED,
    Modality.PLANNED,
    Modality.EXERCISE,
    Modality.HYPOTHETICAL,
    Modality.HISTORICAL,
)


@dataclass(frozen=True)
class Known:
    """What was found out about a whole document before its incidents are told apart."""

    analysis: Analysis
    toponyms: Sequence[Toponym]
    times: Sequence[TimeExpression]
    traits: SourceTraits | None = None
    points: Mapping[int, int] = field(default_factory=dict)  # sentence index to list point, empty outside lists
    tolls: dict[int, list[Toll]] = field(default_factory=dict)

    def toponyms_for(self, sentence: Sentence) -> Sequence[Toponym]:
        """The places that may be meant in a sentence: in a list only those of its own point."""
        point = self.points.get(sentence.index)
        if point is None:
            return self.toponyms
        around = [s for s in self.analysis.sentences if self.points.get(s.index) == point]
        return [t for t in self.toponyms if any(s.start <= t.start < s.end for s in around)]

    def tolls_of(self, sentence: Sentence) -> list[Toll]:
        """A sentence's casualty figures, read once."""
        if sentence.index not in self.tolls:
            self.tolls[sentence.index] = find_tolls(self.analysis, sentence) if sentence.doc is not None else []
        return self.tolls[sentence.index]


def find_mentions(known: Known) -> tuple[Mention, ...]:
    """The incidents that a document tells, in order of their first telling. Those that are no events at all are left
    out.
    """
    analysis = known.analysis
    points = list_points(analysis.sentences, known.toponyms)
    known = replace(known, points=points)
    tellings = [t for trigger in find_triggers(analysis) if (t := _telling(known, trigger))]
    found = stories(analysis, tellings)
    assign_sentences(analysis.sentences, found, points)
    analysis.parse(s for story in found for s in story.sentences)
    kept = [s for s in found if not _mere_consequence(s, found)]
    return tuple(_mention(known, story, kept) for story in kept)


def tells(analysis: Analysis) -> bool:
    """Whether a document has any event to tell. Parses no more than the sentences with event words."""
    return any(judge(analysis, trigger).modality for trigger in find_triggers(analysis))


def _telling(known: Known, trigger: Trigger) -> Telling | None:
    judgement = judge(known.analysis, trigger)
    if judgement.modality is None:
        return None
    sentence = known.analysis.sentences[trigger.sentence]
    own = [t for t in known.times if sentence.start <= t.start < sentence.end]
    start, end, toponyms = trigger.start, trigger.end, known.toponyms_for(sentence)
    places = assign_roles(known.analysis, sentence, start, end, trigger.event_type, toponyms, ())
    return Telling(
        trigger=trigger,
        judgement=judgement,
        sentence=sentence,
        time=event_time(known.analysis, sentence, start, end, own, ()),
        spots=tuple(p for p in places if p.role == "target" and sentence.start <= p.start < sentence.end),
        point=known.points.get(sentence.index, 0),
    )


def _mere_consequence(story: Story, all_stories: Sequence[Story]) -> bool:
    """Arrests, threats and marches that a report on something graver tells in passing are no incidents of their own."""
    if any(t.point for t in story.tellings) or not _slight(story):
        return False
    graver = [s for s in all_stories if s.actual and not _slight(s)]
    return any(s.in_title for s in graver) if story.in_title else bool(graver)


def _slight(story: Story) -> bool:
    return {t.trigger.event_type for t in story.tellings} <= SLIGHT


def lead(story: Story) -> Telling:
    """The telling whose syntax is asked first: actual, with the method told, introduced rather than referred to, in the
    body.
    """
    return max(
        story.tellings,
        key=lambda t: (
            t.judgement.modality is Modality.ACTUAL,
            not t.trigger.generic,
            not t.trigger.anaphoric,
            bool(t.spots),
            t.trigger.strength,
            -t.trigger.start,
        ),
    )


def _mention(known: Known, story: Story, kept: Sequence[Story]) -> Mention:
    first = lead(story)
    event_type = _event_type(story)
    places = _places(known, story, first, event_type)
    tolls = _tolls(known, story, kept, event_type)
    outcome, said = _outcome(known.analysis, story, kept, event_type, tolls)
    roles = _roles(known.analysis, story, kept, event_type)
    mention = Mention(
        event_type=event_type,
        trigger=Span(first.trigger.start, first.trigger.end, first.trigger.text),
        modality=_modality(story),
        confidence=round(min(0.99, 0.35 + 0.6 * first.trigger.strength + 0.05 * (len(story.tellings) - 1)), 2),
        when=_when(known, story, kept, places),
        places=tuple(places),
        perpetrators=roles.perpetrators,
        targets=roles.targets,
        victims=roles.victims,
        weapons=_weapons(known.analysis, story, kept),
        killed=tolls.killed,
        injured=tolls.injured,
        attackers_killed=tolls.attackers_killed,
        outcome=outcome,
        words=" ".join(s.text for s in story.sentences)[:WORDS],
        response_to=kept.index(story.answers) if story.answers in kept else None,
        withdrawn=any(t.judgement.withdrawn for t in story.tellings),
        rules=tuple(dict.fromkeys(r for t in story.tellings for r in (t.trigger.rule, t.judgement.rule) if r)),
    )
    return _with_claims(known, story, mention, said)


def _event_type(story: Story) -> EventType:
    """By the words that tell the method themselves; else by method words in the sentences of general ones ("killed");
    else by what the lexicon has these mean.
    """
    triggers = [t.trigger for t in story.tellings if not _is_aside(story, t)] or [t.trigger for t in story.tellings]
    if telling := [t for t in triggers if not vague(t)]:
        return settle_type(telling)
    blast = any(t.rule.startswith("explosion") for t in triggers)
    methods = [e.method for t in story.tellings for e in evidence(t.sentence)]
    if methods := [m for m in methods if not blast or m.type in EXPLODING]:
        return max(methods, key=lambda m: m.weight).type
    return EventType.EXPLOSION if blast else settle_type(triggers)


def _is_aside(story: Story, telling: Telling) -> bool:
    return story.actual and telling.judgement.modality is not Modality.ACTUAL


def _modality(story: Story) -> Modality:
    told = {t.judgement.modality for t in story.tellings}
    return next(m for m in MODALITY_ORDER if m in told)


def _ordered(story: Story) -> list[Telling]:
    """The lead first, then as the text goes."""
    first = lead(story)
    return [first, *(t for t in story.tellings if t is not first)]


def _places(known: Known, story: Story, first: Telling, event_type: EventType) -> list[Place]:
    """The places of the telling that says best where; the story's other sentences help out."""
    teller = next((t for t in _ordered(story) if any(p.precision in ("exact", "locality") for p in t.spots)), None)
    teller = teller or next((t for t in _ordered(story) if t.spots), first)
    start, end = teller.trigger.start, teller.trigger.end
    toponyms = known.toponyms_for(teller.sentence)
    places = assign_roles(known.analysis, teller.sentence, start, end, event_type, toponyms, story.sentences)
    if teller.point and not any(p.role == "target" for p in places):
        return _labelled(places)
    return places


def _labelled(places: Sequence[Place]) -> list[Place]:
    """A point of a list happened where its label says, though no syntax ties the two."""
    towns = [p for p in places if p.role == "mentioned" and p.precision in ("exact", "locality") and p.lat is not None]
    first = min(towns, key=lambda p: p.start, default=None)
    if first is None:
        return list(places)
    return [msgspec.structs.replace(first, role="target"), *(p for p in places if p is not first)]


def _when(known: Known, story: Story, kept: Sequence[Story], places: Sequence[Place]) -> When | None:
    told = _time_told(known, story, kept)
    return resolve_interval(told, _zone(places), known.analysis.document.item.published_at) if told else None


def _time_told(known: Known, story: Story, kept: Sequence[Story]) -> TimeExpression | None:
    """What the own sentences say; else, for an answer, when that happened which it answered; else, where the text has
    no other story, what the rest of the text says.
    """
    if told := next((t.time for t in _ordered(story) if t.time), None):
        return told
    first = lead(story)
    alone = sum(s.actual for s in kept) == 1 and story.actual
    sentences = known.analysis.sentences if alone else story.sentences
    within = [t for t in known.times if any(s.start <= t.start < s.end for s in sentences)]
    start, end = first.trigger.start, first.trigger.end
    told = event_time(known.analysis, first.sentence, start, end, within, [*story.sentences, *sentences])
    if told is None and story.answers in kept and story.answers is not None:
        return _time_told(known, story.answers, kept)
    return told


def _zone(places: Iterable[Place]) -> str | None:
    for place in places:
        if place.role == "target" and place.lat is not None and place.lon is not None:
            return zone_of_country(place.country) if place.precision == "country" else zone_of(place.lat, place.lon)
    return None


def _tolls(known: Known, story: Story, kept: Sequence[Story], event_type: EventType) -> Combined:
    """Figures of the story's sentences; where a sentence tells several stories, each figure goes to the nearest
    trigger.
    """
    own = [
        toll
        for s in story.sentences
        for toll in known.tolls_of(s)
        if _nearest_story(s, toll.start, kept) in (None, story)
    ]
    return combine_tolls(own, event_type)


def _nearest_story(sentence: Sentence, offset: int, kept: Sequence[Story]) -> Story | None:
    near = [
        (abs(t.trigger.start - offset), n) for n, s in enumerate(kept) for t in s.tellings if t.sentence is sentence
    ]
    return kept[min(near)[1]] if near else None


def _outcome(
    analysis: Analysis, story: Story, kept: Sequence[Story], event_type: EventType, tolls: Combined
) -> tuple[Outcome, Span | None]:
    """As the story's own sentences say; those that tell another story besides speak of that one's success, not of this."""
    trigger, sentence = lead(story).trigger, lead(story).sentence
    own = _own_sentences(story, kept)
    outcome, said = outcome_of(analysis, sentence, trigger.start, trigger.end, event_type, own)
    hint = next((o for t in story.tellings if (o := t.judgement.outcome_hint) != "unknown"), None)
    hurt = any(c is not None and (c.min or 0) > 0 for c in (tolls.killed, tolls.injured))
    return (hint, said) if hint and not hurt else (outcome, said)


def _own_sentences(story: Story, kept: Sequence[Story]) -> list[Sentence]:
    """The story's sentences but those that tell another story besides; the lead's own stays."""
    others = {t.sentence.index for s in kept if s is not story for t in s.tellings}
    first = lead(story).sentence
    return [s for s in story.sentences if s.index not in others or s is first]


def _roles(analysis: Analysis, story: Story, kept: Sequence[Story], event_type: EventType) -> Roles:
    """Actors of the tellings that tell the act, the lead's first, each once. "The incident" has none of its own."""
    first = lead(story)
    telling = [t for t in _ordered(story) if t is first or not (_is_aside(story, t) or t.trigger.anaphoric)]
    own = _own_sentences(story, kept)
    found = [find_actors(analysis, t.sentence, t.trigger.start, t.trigger.end, event_type, own) for t in telling]
    return Roles(
        perpetrators=_once(a for r in found for a in r.perpetrators),
        targets=_once(a for r in found for a in r.targets),
        victims=_once(a for r in found for a in r.victims),
    )


def _once(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    return tuple({(a.name or a.text).casefold(): a for a in reversed(list(actors))}.values())[::-1]


def _weapons(analysis: Analysis, story: Story, kept: Sequence[Story]) -> tuple[Weapon, ...]:
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


def _with_claims(known: Known, story: Story, mention: Mention, outcome: Span | None) -> Mention:
    sentences = [s for s in story.sentences if s.doc is not None]
    causes = find_causes(sentences) if mention.event_type in CAUSE_OF else ()
    claims: tuple[Claim, ...] = claim_slots.claims_of(
        known.analysis, mention, sentences, causes, outcome=outcome, traits=known.traits
    )
    return msgspec.structs.replace(mention, claims=claims)
