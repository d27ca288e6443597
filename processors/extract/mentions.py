"""From triggers to mentions: which words of a text are one incident's own, and what they say of it."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from processors.extract import claim_slots
from processors.extract.analysis import Analysis
from processors.extract.causes import OF as CAUSE_OF
from processors.extract.causes import find_causes
from processors.extract.coreference import DATED_RULES, list_points, stories
from processors.extract.events import FOUNDING, Trigger, find_triggers, founds
from processors.extract.known import Known
from processors.extract.modality import judge
from processors.extract.own_places import own_toponyms
from processors.extract.story import Story, Telling
from processors.extract.story_sentences import assign_sentences
from processors.extract.story_values import (
    event_type_of,
    modality_of,
    outcome_of_story,
    places_of,
    roles_of,
    tolls_of,
    weapons_of,
    when_of,
)
from processors.extract.trigger_modality import IN_GENERAL
from processors.model import (
    Claim,
    EventType,
    Mention,
    Modality,
    Span,
)
from processors.places.roles import assign_roles
from processors.times.event_time import event_time

WORDS = 600  # characters of a story's sentences that are kept for comparing wordings
ARRESTS = frozenset({"arrest", "capture"})
BACKGROUND = frozenset({Modality.ACTUAL, Modality.HISTORICAL})
SLIGHT = (  # kinds of event that are mere consequences beside any other kind, the slightest first
    frozenset({EventType.RAID}),
    frozenset({EventType.RAID, EventType.THREAT, EventType.PROTEST}),
)


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
    kept = [s for s in found if _founded(s) and not _mere_consequence(s, found)]
    if kept or founds(t.trigger for t in tellings):
        told = ((story, _mention(known, story, kept)) for story in kept)
        return tuple(_followed_up(m) if _arrests_over(story, found) else m for story, m in told)
    return tuple(_followed_up(_mention(known, story, [story])) for story in found[:1] if story.actual)


def _arrests_over(story: Story, all_stories: Sequence[Story]) -> bool:
    """Arrests, told where something graver, and not of old, is the background: they follow that up."""
    arrests = story.actual and {t.trigger.rule for t in story.tellings} <= ARRESTS and not story.tellings[0].point
    past = (s for s in all_stories if s is not story and not _only(s, SLIGHT[1]))
    tellings = [t for s in past for t in s.tellings if t.judgement.modality in BACKGROUND]
    return arrests and bool(tellings) and not any(t.judgement.rule in DATED_RULES for t in tellings)


def _followed_up(mention: Mention) -> Mention:
    """What came of an incident that other items tell: the day of a burial is not the day it happened, and who arrests did
    not do it."""
    by = tuple(a for a in mention.perpetrators if a.certainty == "claimed")
    return msgspec.structs.replace(
        mention, follow_up=True, modality=Modality.HISTORICAL, when=None, perpetrators=by, outcome="unknown"
    )


def tells(analysis: Analysis) -> bool:
    """Whether a document has any event to tell. Parses no more than the sentences with event words."""
    return any(judge(analysis, trigger).modality for trigger in find_triggers(analysis))


def _telling(known: Known, trigger: Trigger) -> Telling | None:
    judgement = judge(known.analysis, trigger)
    if judgement.modality is None:
        return None
    sentence = known.analysis.sentences[trigger.sentence]
    own = [t for t in known.times if sentence.start <= t.start < sentence.end]
    start, end, toponyms = trigger.start, trigger.end, own_toponyms(known, sentence, trigger)
    places = assign_roles(known.analysis, sentence, start, end, trigger.event_type, toponyms, ())
    return Telling(
        trigger=trigger,
        judgement=judgement,
        sentence=sentence,
        time=event_time(known.analysis, sentence, start, end, own, ()),
        spots=tuple(p for p in places if p.role == "target" and sentence.start <= p.start < sentence.end),
        point=known.points.get(sentence.index, 0),
    )


def _founded(story: Story) -> bool:
    """Whether some word tells a certain event by itself; "the incident" and "violence" only add to one, and "killings
    must stop" tells none.
    """
    return any(t.trigger.strength >= FOUNDING and t.judgement.rule != IN_GENERAL for t in story.tellings)


def _mere_consequence(story: Story, all_stories: Sequence[Story]) -> bool:
    """Arrests, threats and marches that a report on something graver tells in passing are no incidents of their own,
    nor arrests that a report on a march ends with.
    """
    slight = next((kinds for kinds in SLIGHT if _only(story, kinds)), None)
    if slight is None or any(t.point for t in story.tellings):
        return False
    graver = [s for s in all_stories if s.actual and not _only(s, slight)]
    return any(s.in_title for s in graver) if story.in_title else bool(graver)


def _only(story: Story, kinds: frozenset[EventType]) -> bool:
    return {t.trigger.event_type for t in story.tellings} <= kinds


def _mention(known: Known, story: Story, kept: Sequence[Story]) -> Mention:
    first = story.lead
    event_type = event_type_of(story)
    places = places_of(known, story, first, event_type)
    tolls = tolls_of(known, story, kept, event_type)
    outcome, said = outcome_of_story(known.analysis, story, kept, event_type, tolls)
    roles = roles_of(known.analysis, story, kept, event_type)
    mention = Mention(
        event_type=event_type,
        trigger=Span(first.trigger.start, first.trigger.end, first.trigger.text),
        modality=modality_of(story),
        confidence=round(min(0.99, 0.35 + 0.6 * first.trigger.strength + 0.05 * (len(story.tellings) - 1)), 2),
        when=when_of(known, story, kept, places),
        places=tuple(places),
        perpetrators=roles.perpetrators,
        targets=roles.targets,
        victims=roles.victims,
        weapons=weapons_of(known.analysis, story, kept),
        killed=tolls.killed,
        injured=tolls.injured,
        attackers_killed=tolls.attackers_killed,
        outcome=outcome,
        words=" ".join(s.text for s in story.sentences)[:WORDS],
        response_to=kept.index(story.answers) if story.answers in kept else None,
        listed=first.point > 0,
        withdrawn=any(t.judgement.withdrawn for t in story.tellings),
        rules=tuple(dict.fromkeys(r for t in story.tellings for r in (t.trigger.rule, t.judgement.rule) if r)),
    )
    return _with_claims(known, story, mention, said)


def _with_claims(known: Known, story: Story, mention: Mention, outcome: Span | None) -> Mention:
    sentences = [s for s in story.sentences if s.doc is not None]
    causes = find_causes(sentences) if mention.event_type in CAUSE_OF else ()
    claims: tuple[Claim, ...] = claim_slots.claims_of(
        known.analysis, mention, sentences, causes, outcome=outcome, traits=known.traits
    )
    return msgspec.structs.replace(mention, claims=claims)
