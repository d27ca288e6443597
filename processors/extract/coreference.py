"""Which triggers of one text tell the same incident?

Triggers are taken in the order of the text. Each joins the story that pulls it most, unless something told contradicts:
another
town, another day, another method, another point of a list, or words that say so ("a separate attack"). What happened in
answer
to what stays two.
"""

import re
from collections.abc import Sequence

from processors.extract.analysis import Analysis, Sentence
from processors.extract.clauses import answered_first
from processors.extract.events import Trigger
from processors.extract.story import Story, Telling, vague
from processors.geo import km
from processors.model import EventType, Modality, Place
from processors.places.toponyms import Toponym
from processors.times.expression import TimeExpression

NEAR_KM = 25.0
E = EventType
KINDRED = (  # kinds that one text may call by each other's names
    {E.EXPLOSION, E.BOMBING, E.SUICIDE_BOMBING, E.LANDMINE, E.MISSILE, E.DRONE_STRIKE, E.AIRSTRIKE, E.ACCIDENT},
    {E.DRONE_STRIKE, E.MISSILE, E.AIRSTRIKE},
    {E.SHOOTING, E.ARMED_CLASH, E.ASSAULT, E.ASSASSINATION},
    {E.ASSASSINATION, E.BOMBING, E.DRONE_STRIKE, E.AIRSTRIKE, E.EXPLOSION},
    {E.RAID, E.ARMED_CLASH},
    {E.PROTEST, E.RIOT},
    {E.RIOT, E.ARSON},
    {E.ARSON, E.ACCIDENT},
    {E.ABDUCTION, E.SEXUAL_VIOLENCE},
)
DATED_RULES = ("old_date", "old_case")  # of the modality: the words themselves put the event into the past
PEACEFUL = {E.PROTEST, E.THREAT, E.ACCIDENT, E.RAID}
OTHER_WORDS = (
    "another|separate(?:ly)?|second|third|fourth|different|earlier|previous|similar|other|elsewhere|also"
    "|additional(?:ly)?|subsequent|simultaneous(?:ly)?"
)
OTHER = re.compile(rf"\b(?:{OTHER_WORDS})\W+(?:\w+\W+){{0,2}}$", re.I)
ANSWER_WORDS = "in (?:response|retaliation|reply|answer|revenge)|retaliat\\w+|avenge\\w*|hit back|fired back"
ANSWER = re.compile(rf"\b(?:{ANSWER_WORDS}|responded (?:with|by))\b", re.I)
POINTING_WORDS = "this|these|such|first|latest|deadliest|worst|largest|biggest|heaviest"
POINTING = re.compile(rf"\b(?:{POINTING_WORDS})\W+(?:\w+\W+){{0,2}}$", re.I)
SIGNS = r"[•▪◾◼●■►▶·*✔➡🔹🔸🔴🔻]|[\U0001F1E6-\U0001F1FF]{2}"
CLOCK = r"\d{1,2}[.:h]\d{2}\b"  # of a live blog's entry
BULLET = re.compile(rf"^[\W_]*(?:{SIGNS}|[-–—]\s|\d{{1,2}}[.)]\s|{CLOCK})")
HEADING = re.compile(r"^[\W_]*[A-Z][A-Z'’-]+(?:[ /,&]+[A-Z][A-Z'’-]*){0,4}\s*[.:–—]")
LABEL = re.compile(r"^[\W_]*[A-Z][^:.!?\n]{1,50}?(?::|\s[–—-])\s")


def list_points(sentences: Sequence[Sentence], toponyms: Sequence[Toponym]) -> dict[int, int]:
    """{sentence index: number of its list point}; empty where the text is no list. Three points make a list."""
    number, points, previous = 0, dict[int, int](), -1
    for sentence in sentences:
        if sentence.kind == "title":
            continue
        opens_line, previous = sentence.paragraph != previous, sentence.paragraph
        number += _opens_point(sentence, toponyms, opens_line)
        if number:
            points[sentence.index] = number
    return points if number >= 3 else {}


def _opens_point(sentence: Sentence, toponyms: Sequence[Toponym], opens_line: bool) -> bool:
    """A bullet, number or flag; a heading in capitals that begins a line; a place name before a colon or dash."""
    if BULLET.match(sentence.text) or (opens_line and HEADING.match(sentence.text)):
        return True
    label = LABEL.match(sentence.text)
    end = sentence.start + label.end() if label else sentence.start
    return any(sentence.start <= t.start < end for t in toponyms)


def stories(analysis: Analysis, tellings: Sequence[Telling]) -> list[Story]:
    """The incidents of a text, in order of their first telling in the body; a headline joins the body's story."""
    found: list[Story] = []
    body = [t for t in tellings if not t.in_title]
    for telling in [*body, *(t for t in tellings if t.in_title)]:
        open_to = [s for s in found if contradiction(analysis, s, telling) is None] or _headed(analysis, found, telling)
        best = max(open_to, key=lambda s: (attraction(s, telling), -found.index(s)), default=None)
        if best is not None and attraction(best, telling) > 0:
            best.tellings.append(telling)
        else:
            found.append(Story([telling], answers=_answered(telling, found)))
    return _introduced_only(analysis, found)


def _headed(analysis: Analysis, found: Sequence[Story], telling: Telling) -> list[Story]:
    """What a headline tells is told in the body, though a place or a method that a few words leave open was taken for
    another one: the first story that nothing else speaks against. In a list or live blog it may be any of the points."""
    if not telling.in_title or telling.judgement.modality is not Modality.ACTUAL:
        return []
    doubtful = (None, "another place", "another method")
    return [s for s in found if s.actual and not s.listed and contradiction(analysis, s, telling) in doubtful][:1]


def _introduced_only(analysis: Analysis, found: list[Story]) -> list[Story]:
    """Stories that only "the attack" tells of are those of another one that the text brings in, be it later."""
    own = [s for s in found if not all(t.trigger.anaphoric for t in s.tellings)]
    kept = list(own)
    for story in (s for s in found if s not in own):
        first = story.tellings[0]
        hosts = [h for h in own if h.actual and contradiction(analysis, h, first) is None]
        if hosts:
            max(hosts, key=lambda h: attraction(h, first)).tellings.extend(story.tellings)
        else:
            kept.append(story)
    return sorted(kept, key=lambda s: min(t.trigger.start for t in s.tellings))


def contradiction(analysis: Analysis, story: Story, telling: Telling) -> str | None:
    """Why the telling cannot be of this story; None if it can."""
    points = {t.point for t in story.tellings if not t.in_title}
    if not telling.in_title and points and telling.point not in points:
        return "another point of the list"
    if not _modalities_meet(story, telling):
        return "another modality"
    kindred = any(may_be_one(t.trigger, telling.trigger) or _same_breath(t, telling) for t in story.tellings)
    if not kindred and (_apart_by_kind(story, telling) or _dated_anew(story, telling)):
        return "another method"
    if telling.spots and story.spots and not _places_meet(story.spots, telling.spots):
        return "another place"
    if any(_side_by_side(t, telling) for t in story.tellings):
        return "another town of one sentence"
    if any(_days_apart(t.time, telling.time) for t in story.tellings):
        return "another day"
    if _introduced(story, telling):
        return "introduced as another one"
    if not telling.in_title and _set_apart(analysis, telling) and telling.sentence is not story.tellings[0].sentence:
        return "told as another one"
    if any(_hours_apart(t, telling) for t in story.tellings):
        return "told as later"
    if _answers(telling) and not any(_answers(t) for t in story.tellings if t.sentence is telling.sentence):
        return "told as an answer"
    return None


def attraction(story: Story, telling: Telling) -> float:
    """How strongly a story pulls a telling that may be of it; above 0 it joins. "The attack" looks back a short way."""
    trigger = telling.trigger
    gap = min(abs(telling.sentence.index - t.sentence.index) for t in story.tellings)
    pull = 1.0 - 0.1 * min(gap, 10)
    pull += max(0.0, 2.0 - 0.4 * gap) if trigger.anaphoric else 1.0 * trigger.generic
    pull += 1.5 * any(_same_method(t.trigger, trigger) for t in story.tellings)
    pull += 1.5 * bool(telling.spots and story.spots)
    pull += 2.0 * (gap == 0)
    return pull + 0.5 * story.actual


def _modalities_meet(story: Story, telling: Telling) -> bool:
    """A denial or a definite reference is of the story it speaks of; background, plans, drills stand apart."""
    own, others = telling.judgement.modality, story.modalities
    if own in others:
        return True
    if Modality.DENIED in (own, *others) and {own, *others} <= {Modality.DENIED, Modality.ACTUAL}:
        return True
    if own is Modality.EXERCISE:
        return False
    return _pointed_at(telling) or (telling.trigger.anaphoric and telling.judgement.rule not in DATED_RULES)


def _pointed_at(telling: Telling) -> bool:
    """Whether the words before point at what was just told: "this attack", "the first such attack since …"."""
    before = telling.sentence.text[: telling.trigger.start - telling.sentence.start]
    return bool(POINTING.search(before))


def _same_method(one: Trigger, other: Trigger) -> bool:
    return one.event_type is other.event_type and not vague(one) and not vague(other)


def may_be_one(one: Trigger, other: Trigger) -> bool:
    """Whether two triggers can name one event by their method; a generic word ("the attack") names any violence."""
    a, b = one.event_type, other.event_type
    if a is b or any({a, b} <= kin for kin in KINDRED):
        return True
    return (vague(one) and b not in PEACEFUL) or (vague(other) and a not in PEACEFUL)


def _same_breath(one: Telling, other: Telling) -> bool:
    """Two kinds of violence in one sentence, without a word that parts them, are one attack told twice."""
    return one.sentence is other.sentence and not {one.trigger.event_type, other.trigger.event_type} & PEACEFUL


def _places_meet(some: Sequence[Place], others: Sequence[Place]) -> bool:
    towns = [p for p in others if p.precision in ("exact", "locality")]
    if not towns:
        return True
    return any(_near(a, b) for a in some for b in towns)


def _side_by_side(one: Telling, other: Telling) -> bool:
    """Two methods told in one sentence, each with a town of its own, be they near: a round-up in a line."""
    if one.sentence is not other.sentence or not (one.spots and other.spots) or may_be_one(one.trigger, other.trigger):
        return False
    return not {p.name or p.text for p in one.spots} & {p.name or p.text for p in other.spots}


def _near(a: Place, b: Place) -> bool:
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return True
    return km(a.lat, a.lon, b.lat, b.lon) <= NEAR_KM + (a.radius_km or 0) + (b.radius_km or 0)


def _days_apart(one: TimeExpression | None, other: TimeExpression | None) -> bool:
    if one is None or other is None:
        return False
    return one.until.date() < other.first.date() or other.until.date() < one.first.date()


def _apart_by_kind(story: Story, telling: Telling) -> bool:
    """Violence of several kinds in one text, at no other place or time, is one incident; a threat, march or raid is not."""
    return bool({telling.trigger.event_type, *(t.trigger.event_type for t in story.tellings)} & PEACEFUL)


def _dated_anew(story: Story, telling: Telling) -> bool:
    """Whether the telling brings a time that nothing in the story shares."""
    return telling.time is not None and not any(t.time for t in story.tellings)


def _introduced(story: Story, telling: Telling) -> bool:
    """A noun that brings in an event ("an explosion early on Saturday") of another kind, with a time that is new."""
    trigger = telling.trigger
    if not trigger.nominal or trigger.anaphoric or telling.in_title or telling.time is None:
        return False
    same_kind = any(_same_method(t.trigger, trigger) for t in story.tellings)
    return not same_kind and not any(t.time or t.sentence is telling.sentence for t in story.tellings)


def _set_apart(analysis: Analysis, telling: Telling) -> bool:
    found = OTHER.search(analysis.text, telling.sentence.start, telling.trigger.start)
    more = (
        telling.trigger.generic and not telling.trigger.nominal
    )  # "his wife was also wounded": more people, no more events
    return bool(found) and not (found and more and found[0].lower().startswith("also"))


def _hours_apart(one: Telling, other: Telling) -> bool:
    """ "Hours after rockets struck X, warplanes bombed Y", "the attack came hours after a bomb": two kinds of deed, one
    after the other.
    """
    told = [t.trigger.anaphoric or not vague(t.trigger) for t in (one, other)]
    return all(told) and _came_later(one, other) is not None


def _came_later(one: Telling, other: Telling) -> bool | None:
    """Of two kinds told in one sentence, whether the first happened hours after the other; None: not said."""
    if one.sentence is not other.sentence or one.trigger.event_type is other.trigger.event_type:
        return None
    start = one.sentence.start
    return answered_first(one.sentence.text, one.trigger.start - start, other.trigger.start - start)


def _answers(telling: Telling) -> bool:
    return bool(ANSWER.search(telling.sentence.text)) and not telling.trigger.anaphoric


def _answered(telling: Telling, found: Sequence[Story]) -> Story | None:
    """The latest story before one that is told as an answer."""
    earlier = [s for s in found if s.actual]
    before = [s for s in earlier if any(_came_later(telling, t) for t in s.tellings)]
    if before:
        return before[-1]
    return earlier[-1] if earlier and _answers(telling) else None
