"""Of which type is an event? By method: the words that tell weapon and manner decide, near ones before far ones."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import msgspec
from spacy.tokens import Token

from processors.extract.analysis import Analysis, Sentence
from processors.extract.clauses import answered_first, listed, looked_back_at, parted
from processors.extract.events import Trigger, objects_of, sequence, with_type
from processors.extract.late_regex import LateRegex
from processors.extract.triggers import WORD, anchored, in_classes, lower
from processors.lexicon.load import load
from processors.model import EventType

SHARE = 0.4  # of the votes for the type with most words that a heavier one needs
REACH = 40.0  # characters between trigger and method word that cost one point of weight
DIGEST = 5  # types of events in one text
WINDOW = 2  # sentences before and after in which a method word may stand


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of methods.toml."""

    type: EventType
    weight: float
    phrases: tuple[str, ...]


class Methods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """methods.toml."""

    unknown_cause: tuple[str, ...]
    method: tuple[Method, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that tell a method, as offsets into the document's text."""

    start: int
    end: int
    method: Method


def settled(analysis: Analysis, triggers: Sequence[Trigger]) -> list[Trigger]:
    """The same triggers, typed by the method words of their sentence or, for generic ones, of its neighbours."""
    by_sentence = sequence(triggers)
    return [_settled(analysis, trigger, by_sentence) for trigger in triggers]


def settle_type(triggers: Sequence[Trigger]) -> EventType:
    """The one type of several triggers that tell one incident: the type with most telling words, or a heavier one that is
    told by its own words: bombs that planes dropped, people shot in a battle, cars burned in a raid.
    """
    votes: dict[EventType, float] = {}
    for trigger in triggers:
        sure = 0.4 if trigger.rule.endswith((">default", ">nearby")) else 1.0
        votes[trigger.event_type] = votes.get(trigger.event_type, 0.0) + sure * trigger.strength
    first = max(votes, key=lambda t: (votes[t], t))
    named = {t.event_type for t in triggers if not t.generic}
    stronger = STRONGER.get(first, frozenset()) - {EventType.LANDMINE}  # often told beside a bombing, as another deed
    heavier = [t for t in stronger if t in named and votes[t] >= SHARE * votes[first]]
    return max(heavier, key=lambda t: (votes[t], t), default=first)


def _settled(analysis: Analysis, trigger: Trigger, by_sentence: dict[int, list[Trigger]]) -> Trigger:
    sentence = analysis.sentences[trigger.sentence]
    if trigger.rule == "neutralise" and BY_THEM.search(trigger.text):
        trigger = replace(trigger, rule="kill", event_type=EventType.SHOOTING)
    if ranked := _of_rank(sentence, trigger):
        return with_type(trigger, EventType.ASSASSINATION, ranked)
    if trigger.rule == "attack" and _stormed_by_crowd(sentence.tokens[trigger.token]):
        return with_type(trigger, EventType.RIOT, "crowds")
    if trigger.rule == "clash" and _among_crowds(sentence):
        return with_type(trigger, EventType.RIOT, "crowds")
    if not trigger.generic:
        return _overruled(sentence, trigger, by_sentence.get(trigger.sentence, ()))
    if trigger.rule == "explosion" and _cause_unknown(analysis):
        return with_type(trigger, EventType.EXPLOSION, "unknown_cause")
    near = [e for e in evidence(sentence) if not _bystanding(sentence, e, trigger)]
    beside = [e for e in near if not _of_another(sentence, e, trigger, by_sentence.get(trigger.sentence, ()))]
    if trigger.rule in BURNING and (done := _by_somebody(sentence.tokens[trigger.token])):
        return with_type(trigger, EventType.ARSON, done)
    if trigger.rule == "explosion" and _blown_up(sentence.tokens[trigger.token]):
        beside.append(Evidence(trigger.start, trigger.end, BLOWN_UP))
    found = _nearest(beside, trigger)
    if found is EventType.SHOOTING and trigger.rule == "ambush" and in_classes(_lemmas(sentence), ("military",)):
        found = EventType.ARMED_CLASH  # who is escorted shoots back
    if found:
        return replace(with_type(trigger, _for(trigger, found), "method"), strength=_with_method(trigger))
    return _from_neighbours(analysis, trigger, by_sentence)


def _bystanding(sentence: Sentence, found: Evidence, trigger: Trigger) -> bool:
    """Words of a march or a threat, and of an arrest for a killing, say not how somebody was attacked."""
    words = sentence.text[found.start - sentence.start :].lower()
    arrest = trigger.rule in ("kill", "bodies") and words.startswith(("arrest", "detain"))
    seized = (
        trigger.rule in KILLING and found.method.type is EventType.ABDUCTION
    )  # who is killed is not kidnapped by it
    return arrest or seized or (found.method.type in BYSTANDING and trigger.rule != "raid")


def _stormed_by_crowd(head: Token) -> bool:
    doers = [t.lemma_.lower() for t in head.children if t.dep_ == "nsubj"]
    return head.lemma_.lower() == "storm" and in_classes(doers, ("unarmed_crowd", "crowd"))


def _among_crowds(sentence: Sentence) -> bool:
    """Clashes of protesters, fans or villagers, with nothing in the sentence that speaks of arms."""
    words = _lemmas(sentence)
    return in_classes(words, ("unarmed_crowd",)) and not in_classes(words, ("armed", "munition", "military", "gun"))


def _with_method(trigger: Trigger) -> float:
    """Words that tell harm found no incident of their own ("wounded five"); with the method beside them they do."""
    return max(trigger.strength, HARMED) if trigger.rule in HARM else trigger.strength


def _by_somebody(head: Token) -> str | None:
    """The rule's name where a fire is told as somebody's deed: "they burned shelters", "huts were burned"."""
    deeds = {c.dep_ for c in head.children} & {"dobj", "auxpass", "agent"}
    return "deed" if deeds and head.lemma_.lower() in ("burn", "gut") else None


def _blown_up(head: Token) -> bool:
    """ "They blew up a kiosk", "a pylon was blown up": what is blown up did not explode by itself."""
    return head.lemma_.lower() == "blow" and any(c.dep_ in ("dobj", "nsubjpass", "agent") for c in head.children)


def evidence(sentence: Sentence) -> list[Evidence]:
    """The words of a sentence that tell a method."""
    text, found = lower(sentence.text), []
    anchors = _anchors()
    words = [(m[0], m.start()) for m in WORD.finditer(text)]
    present = {word for word, _ in words}
    for word, start in words:
        for method, regex in anchors.get(word, ()):
            match = regex.match(text, start) if regex.possible(present) else None
            if match and not _beside_the_point(text, match):
                found.append(Evidence(sentence.start + match.start(), sentence.start + match.end(), method))
    return found


def _beside_the_point(text: str, match: re.Match[str]) -> bool:
    """ "The bomb squad came", "it was not a bomb", "whether it was a bomb", "they tried to storm it": no method is told."""
    return bool(
        STORMED.match(text, match.start())
        or DISPOSAL.match(text, match.end())
        or OPEN.search(text[max(0, match.start() - 24) : match.start()])
    )


def _nearest(found: Iterable[Evidence], trigger: Trigger) -> EventType | None:
    """The method with most weight after distance; words of the trigger itself count without distance."""

    def weight(e: Evidence) -> float:
        gap = max(0, e.start - trigger.end, trigger.start - e.end)
        return e.method.weight - gap / REACH

    best = max(found, key=weight, default=None)
    return best.method.type if best else None


def _for(trigger: Trigger, method: EventType) -> EventType:
    """What a method means for this trigger: a blast in an accident, an ambush by gunmen, a raid by police."""
    rule = trigger.rule.split(">")[0]
    if rule == "raid" and method in (
        EventType.SHOOTING,
        EventType.RAID,
        EventType.PROTEST,
        EventType.RIOT,
        EventType.BOMBING,
    ):
        return EventType.RAID
    if rule == "ambush" and method in (EventType.SHOOTING, EventType.ARMED_CLASH, EventType.RAID):
        return EventType.ARMED_CLASH if method is EventType.ARMED_CLASH else EventType.SHOOTING
    if rule == "explosion" and method not in EXPLODING:
        return EventType.EXPLOSION
    if rule in BURNING and method not in BURNT | EXPLODING:
        return EventType.ARSON
    return method


@lru_cache(maxsize=2)
def _cause_unknown(analysis: Analysis) -> bool:
    text = lower(analysis.text)
    return any(regex.search(text) for regex in _unknown_cause())


BY_THEM = re.compile(r"\bby\b", re.I)  # whom rebels killed is not a rebel that was killed
KILLING = frozenset({"kill", "neutralise"})
BURNING = frozenset({"burn", "alight"})
HARM = frozenset({"injure"})
HARMED = 0.55
BLOWN_UP = Method(type=EventType.BOMBING, weight=5, phrases=())
DISPOSAL = re.compile(
    r"[ -](?:squads?|disposal|experts?|technicians?|unit)\b"
)  # after a bomb: who came, not what happened
OPEN = re.compile(r"\b(?:no|not|nor|whether|if|possible|possibly|rul(?:e|es|ed|ing) out|without)\b[^.,;:!?]*$")
STORMED = re.compile(r"storm(?:s|ed|ing)?\b(?= (?:into|the|a|an|his|her|their|its|two|three|several)\b)")
BURNT = frozenset({EventType.ARSON, EventType.ACCIDENT, EventType.RIOT})

EXPLODING = frozenset(
    {
        EventType.BOMBING, EventType.SUICIDE_BOMBING, EventType.LANDMINE, EventType.MISSILE, EventType.DRONE_STRIKE,
        EventType.AIRSTRIKE, EventType.ACCIDENT, EventType.EXPLOSION,
    }
)  # fmt: skip


def _overruled(sentence: Sentence, trigger: Trigger, beside: Sequence[Trigger] = ()) -> Trigger:
    """Telling words that a heavier method beside them outweighs: a bomb that a drone dropped, a bomber's blast."""
    stronger = STRONGER.get(trigger.event_type)
    if not stronger:
        return trigger
    near = [e for e in evidence(sentence) if e.method.type in stronger and _gap(e, trigger) < 3 * REACH]
    found = _nearest([e for e in near if not _of_another(sentence, e, trigger, beside)], trigger)
    return with_type(trigger, found, "heavier") if found else trigger


def _of_another(sentence: Sentence, found: Evidence, trigger: Trigger, beside: Sequence[Trigger]) -> bool:
    """Whether the words tell another event of the sentence: "hours after rockets fell, warplanes bombed the village"."""
    others = [o for o in beside if o is not trigger and o.start < found.end and found.start < o.end]
    tokens = sentence.tokens
    start, text = sentence.start, sentence.text
    apart = listed if trigger.generic else parted  # "killed when shells landed" is one deed
    return any(
        not o.generic
        and (
            apart(tokens[trigger.token], tokens[o.token])
            or looked_back_at(tokens[o.token], tokens[trigger.token])
            or answered_first(text, trigger.start - start, o.start - start) is not None
        )
        for o in others
    )


STRONGER: dict[EventType, frozenset[EventType]] = {
    EventType.BOMBING: frozenset(
        {EventType.SUICIDE_BOMBING, EventType.DRONE_STRIKE, EventType.AIRSTRIKE, EventType.LANDMINE}
    ),
    EventType.MISSILE: frozenset({EventType.DRONE_STRIKE, EventType.AIRSTRIKE}),
    EventType.LANDMINE: frozenset({EventType.SUICIDE_BOMBING}),
    EventType.AIRSTRIKE: frozenset({EventType.DRONE_STRIKE}),
    EventType.SHOOTING: frozenset({EventType.ARMED_CLASH}),
    EventType.ARSON: frozenset({EventType.ARMED_CLASH, EventType.AIRSTRIKE, EventType.DRONE_STRIKE, EventType.MISSILE}),
}


def _gap(found: Evidence, trigger: Trigger) -> int:
    return max(0, found.start - trigger.end, trigger.start - found.end)


def _from_neighbours(analysis: Analysis, trigger: Trigger, by_sentence: dict[int, list[Trigger]]) -> Trigger:
    """Type by telling triggers and method words of the title and of nearby sentences, else a default."""
    votes: Counter[EventType] = Counter()
    near = [] if _is_digest(by_sentence) and not trigger.anaphoric else analysis.sentences
    for index, sentence in enumerate(near):
        distance = abs(index - trigger.sentence)
        if distance == 0 or (distance > WINDOW and sentence.kind != "title"):
            continue
        for other in by_sentence.get(index, ()):
            if not other.generic and other.event_type in _fitting(trigger):
                votes[other.event_type] += int(other.strength * 100) // (1 + distance)
        for found in evidence(sentence):
            if (fits := _for(trigger, found.method.type)) in _fitting(trigger):
                votes[fits] += int(found.method.weight * 10) // (1 + distance)
    if votes:
        return with_type(trigger, max(votes, key=lambda t: (votes[t], t)), "nearby")
    return with_type(trigger, _default(analysis.sentences[trigger.sentence], trigger), "default")


BYSTANDING = frozenset({EventType.PROTEST, EventType.THREAT})  # a march is where people die, not how


def _is_digest(by_sentence: dict[int, list[Trigger]]) -> bool:
    """Whether so many kinds of events are told that neighbours need not be about the same one."""
    told = {t.event_type for triggers in by_sentence.values() for t in triggers if not t.generic}
    return len(told) >= DIGEST


def _fitting(trigger: Trigger) -> frozenset[EventType]:
    """Which types a generic trigger can take from its neighbours."""
    rule = trigger.rule.split(">")[0]
    if rule == "explosion":
        return EXPLODING
    if rule in BURNING:
        return BURNT | EXPLODING
    return (
        frozenset(EventType) - {EventType.PROTEST, EventType.THREAT, EventType.RAID}
        if rule != "raid"
        else frozenset(EventType)
    )


def _default(sentence: Sentence, trigger: Trigger) -> EventType:
    """By who did it to whom, where no method is told at all."""
    words = _lemmas(sentence)
    by_gunmen = in_classes(words, ("armed",))
    on_force = in_classes(words, ("force",))
    match trigger.rule:
        case "ambush":
            return EventType.ARMED_CLASH if on_force else EventType.SHOOTING
        case "attack" if _on_military(sentence.tokens[trigger.token]):
            return EventType.ARMED_CLASH
        case "raid":
            return EventType.SHOOTING if by_gunmen and not on_force else EventType.RAID
        case "burn" | "alight":
            return EventType.ARSON if by_gunmen or in_classes(words, ("crowd",)) else EventType.ACCIDENT
        case "seize_people":
            return EventType.RAID if on_force and not by_gunmen else EventType.ABDUCTION
    return trigger.event_type


def _on_military(head: Token) -> bool:
    """Whether what a verb or noun acts on is a military force or place."""
    words = [w.lemma_.lower() for target in objects_of(head) for w in target.subtree]
    return in_classes(words, ("military",))


def _of_rank(sentence: Sentence, trigger: Trigger) -> str | None:
    """The rule's name where one chosen person of rank is the object of a killing, not a casualty of war or accident."""
    if trigger.rule in ("bomb", "bomb_found", "shoot", "ambush", "attack") and _owner_of_rank(sentence):
        return "owner"
    if trigger.rule not in ("kill", "shoot", "stab", "attack", "bomb", "injure"):
        return None
    objects = objects_of(sentence.tokens[trigger.token])
    direct = [t for t in objects if t.dep_ != "pobj"] or objects  # not the way "on" which somebody was killed
    victims = [t for t in direct if t.tag_ in ("NN", "NNP")]
    if len(victims) != 1 or any(e.method.type in IMPERSONAL for e in evidence(sentence)):
        return None
    titles = [w.lemma_.lower() for w in _titles(victims[0])]
    return "rank" if in_classes(titles, ("rank",)) and not in_classes(titles, ("armed",)) else None


IMPERSONAL = frozenset(
    {EventType.AIRSTRIKE, EventType.DRONE_STRIKE, EventType.MISSILE, EventType.ARMED_CLASH, EventType.ACCIDENT}
    | {EventType.LANDMINE, EventType.RAID, EventType.RIOT}
)


def _owner_of_rank(sentence: Sentence) -> bool:
    """ "A bomb under the judge's car", "in the house of an officer"."""
    for token in sentence.tokens:
        if token.tag_ == "PRP$" and in_classes([token.head.lemma_.lower()], ("belonging",)) and _of_office(sentence):
            return True
        if token.tag_ not in ("NN", "NNP") or not in_classes([token.lemma_.lower()], ("rank", "officer")):
            continue
        owned = token.head if token.dep_ == "poss" else token.head.head if token.head.lower_ == "of" else None
        if owned is not None and in_classes([owned.lemma_.lower()], ("belonging",)):
            return True
    return False


def _of_office(sentence: Sentence) -> bool:
    """Whether one person of rank is called by name: "under his car" is then under the colonel's."""
    words = [t for t in sentence.tokens if t.tag_ in ("NN", "NNP") and in_classes([t.lemma_.lower()], ("rank",))]
    return any(t.dep_ == "compound" and t.head.pos_ == "PROPN" for t in words)


def _lemmas(sentence: Sentence) -> set[str]:
    return {w for t in sentence.tokens for w in (t.lower_, t.lemma_.lower())}


def _titles(victim: Token) -> list[Token]:
    """The victim's head word, titles before the name and appositions."""
    return [victim, *(t for t in victim.children if t.dep_ in ("compound", "appos") and t.tag_ in ("NN", "NNP"))]


@cache
def _anchors() -> dict[str, list[tuple[Method, LateRegex]]]:
    table: dict[str, list[tuple[Method, LateRegex]]] = {}
    for method in load("methods", Methods).method:
        for phrase in method.phrases:
            anchors, regex = anchored(phrase)
            for anchor in anchors:
                table.setdefault(anchor, []).append((method, regex))
    return table


@cache
def _unknown_cause() -> tuple[LateRegex, ...]:
    return tuple(anchored(phrase)[1] for phrase in load("methods", Methods).unknown_cause)
