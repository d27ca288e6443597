"""Signs in the parse, without the cue lexicon, that a trigger tells no event that just happened, or that it surely does.

Each function gives a judgement or None where it sees no sign; `trigger_modality` asks them in order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from processors.extract.analysis import Analysis, Sentence
from processors.extract.cues import Scope
from processors.extract.events import Trigger, find_triggers
from processors.extract.scope import clause_of
from processors.extract.triggers import WORD, in_classes, lower
from processors.model import EventType, Modality, Outcome, Span

CONDITIONAL = frozenset({"if", "unless", "whether", "lest"})
POSSIBLE = frozenset({"would", "could", "might", "may", "should", "can"})
FUTURE = frozenset({"will", "shall", "'ll", "’ll"})
SPECIFIC = frozenset({"det", "nummod", "poss", "npadvmod", "prep", "quantmod", "acl"})  # make a plural certain events
BYSTANDERS = frozenset({"you", "i", "we", "allah", "god", "one"})
AIR_DEFENCE = "destroyed (?:in (?:the air|flight)|mid-?air|by air defen[cs]es?)"
STOPPED = re.compile(
    r"\b(?:intercept\w*|downed|repel\w*|(?:shot|brought|taken|knocked|swatted|shoot|bring|take|knock) down"
    rf"|{AIR_DEFENCE}|(?:stopped|halted) \w+ (?:\w+ )?(?:missile|rocket|drone)s?)\b"
)
FOILED = re.compile(r"\b(?:foil|thwart|defus|disarm|deactivat|avert)\w*|\bbefore (?:he|she|they|it) could\b")
DEVICES = frozenset({"bomb", "bomb_found", "bomb_toll", "landmine", "mine_bare", "munition_toll"})
DEEDS = frozenset({"bombing", "attack", "blast", "explosion", "assault", "strike"})
SEIZING = frozenset(
    {"seize", "recover", "confiscate", "possession", "cache", "haul", "smuggle", "arrest", "detain", "hold"}
)
PLACED = frozenset({"plant", "defuse", "explode", "detonate", "lay", "bury", "fix", "attach", "hurl", "throw"})
CLAIMED, IN_GENERAL = "claimed", "in_general"
PEACEFUL = frozenset({EventType.RAID, EventType.THREAT, EventType.PROTEST})
RECENT = frozenset(
    ("today", "tonight", "yesterday", "overnight", "morning", "evening", "monday", "tuesday", "wednesday", "thursday")
    + ("friday", "saturday", "sunday")
)
LEAD = 2  # sentences of the body that count as its beginning


@dataclass(frozen=True, slots=True)
class Judgement:
    """`modality` None: no event (figurative, fiction, sirens, old munition). `withdrawn`: the text takes it back."""

    modality: Modality | None
    rule: str
    cue: Span | None = None
    withdrawn: bool = False
    outcome_hint: Outcome = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """A trigger to be judged, with its sentence and its head word."""

    analysis: Analysis
    sentence: Sentence
    trigger: Trigger
    token: Token


def forestalled(case: Case) -> Judgement | None:
    """ "defused before it could go off": what was kept from happening is no event beside what kept it."""
    verb = case.token if case.token.pos_ in ("VERB", "AUX") else clause_of(case.token)
    before = any(c.dep_ == "mark" and c.lower_ == "before" for c in verb.children)
    possible = any(c.dep_ == "aux" and c.lower_ in POSSIBLE for c in verb.children)
    if not before or not possible:
        return None
    alone = all(t is case.trigger or t.event_type in PEACEFUL for t in find_triggers(case.analysis))
    attempt = Modality.ACTUAL if alone else None  # what was kept from happening is all that the text tells
    return Judgement(attempt, "forestalled", case.sentence.span(verb), outcome_hint="failed" if alone else "unknown")


def auxiliaries(case: Case) -> Judgement | None:
    """ "If it attacks", "could attack", "will attack": what is not yet."""
    if case.trigger.event_type is EventType.THREAT:
        return None
    for verb in _verbs_above(case.token):
        for child in verb.children:
            if child.dep_ == "mark" and child.lower_ in CONDITIONAL:
                return Judgement(Modality.HYPOTHETICAL, "conditional", case.sentence.span(child))
            if child.dep_ == "aux" and child.lower_ in POSSIBLE and not _idle(verb):
                return Judgement(Modality.HYPOTHETICAL, "modal", case.sentence.span(child))
            if child.dep_ == "aux" and child.lower_ in FUTURE:
                return Judgement(Modality.PLANNED, "future", case.sentence.span(child))
    return None


def _idle(verb: Token) -> bool:
    """ "May God accept him", "you can see it from here": auxiliaries that leave the event as it is."""
    subject = next((t for t in verb.children if t.dep_ == "nsubj"), None)
    return subject is not None and subject.lower_ in BYSTANDERS


def case_word(case: Case) -> Judgement | None:
    """An event that only names a case: "the blast accused", "the ambush trial"."""
    token = case.token
    if (
        token.dep_ in ("compound", "nmod")
        and in_classes([token.head.lemma_.lower()], ("case_word",))
        and not names_day(case)
    ):
        return Judgement(Modality.HISTORICAL, "case", case.sentence.span(token.head))
    return None


def seized(case: Case) -> Judgement | None:
    """Bombs among what was seized, in somebody's possession or in a cache, did nothing."""
    if case.trigger.rule.split(">")[0] not in DEVICES or not case.trigger.nominal or case.trigger.lemma in DEEDS:
        return None
    words = {t.lemma_.lower() for t in case.token.ancestors} | {t.lemma_.lower() for t in case.token.conjuncts}
    placed = {t.lemma_.lower() for t in case.sentence.tokens} & PLACED
    return Judgement(None, "seized") if words & SEIZING and not placed else None


def claimed(case: Case) -> Judgement | None:
    """ "X claimed responsibility for the attack", "X claims the ambush", "X said it was behind the blast"."""
    words = {t.lemma_.lower() for t in case.token.ancestors}
    taken = {c.lemma_.lower() for a in case.token.ancestors for c in a.children if c.dep_ == "dobj"} | words
    claimed = bool(taken & {"responsibility", "credit"} and words & {"claim", "take", "admit", "assume", "accept"})
    direct = case.trigger.nominal and case.token.dep_ == "dobj" and case.token.head.lemma_.lower() == "claim"
    behind = case.trigger.nominal and case.token.head.lower_ == "behind" and "say" in words
    return Judgement(Modality.ACTUAL, CLAIMED) if claimed or direct or behind else None


def in_general(case: Case) -> Judgement | None:
    """Bare plurals that name no single event: "concern over killings", "attacks must stop"."""
    token = case.token
    if token.tag_ != "NNS" or token.lemma_ == "wound" or case.sentence.kind == "title":
        return None
    if any(t.dep_ in SPECIFIC for t in token.children):
        return None
    verb = clause_of(token)
    if verb.pos_ not in ("VERB", "AUX") and case.sentence.index == 0:
        return None  # a post that opens like a headline: "Explosions in the port"
    if any(t.ent_type_ in ("DATE", "TIME") or t.lower_ in RECENT for t in verb.subtree):
        return None
    return Judgement(Modality.HISTORICAL, IN_GENERAL)


def habitual(case: Case) -> Judgement | None:
    """What is told in the plain present deep in a text happens time and again: "the gangs kidnap travellers"."""
    deep = case.sentence.kind == "body" and case.sentence.index > LEAD
    if not deep or case.token.tag_ != "VBP" or case.trigger.event_type in PEACEFUL:
        return None
    if any(t.ent_type_ in ("DATE", "TIME") or t.lower_ in RECENT for t in case.sentence.tokens):
        return None
    return Judgement(Modality.HISTORICAL, IN_GENERAL)


def _verbs_above(token: Token) -> Iterator[Token]:
    """The trigger's own verb, the verb that it completes ("will not stop killing") and, for a noun, the verb of its
    clause; not the verbs of clauses above.
    """
    yield token
    first = token
    while first.dep_ == "conj" and first.head.pos_ in ("VERB", "AUX") and not _told_anew(first):
        first = first.head
        yield first  # "could slip in and launch attacks"
    if token.dep_ == "xcomp":
        yield token.head
    if token.pos_ not in ("VERB", "AUX"):
        yield clause_of(token)


def _told_anew(verb: Token) -> bool:
    """Whether a verb joined to another has a subject, an auxiliary or a tense of its own: "it could rain and he left"."""
    own = any(c.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass") for c in verb.children)
    return own or verb.tag_ in ("VBD", "VBZ")


def has_subject(token: Token) -> bool:
    """Whether a verb has a subject of its own."""
    return any(t.dep_ in ("nsubj", "nsubjpass") for t in token.children)


def names_day(case: Case, scope: Scope = "sentence") -> bool:
    """Whether the sentence names a day of this week; for a cue that stands before the trigger, what hangs from this."""
    words = case.token.subtree if scope == "before" else case.sentence.tokens
    return any(t.lower_ in RECENT for t in words)


def outcome(case: Case) -> Outcome:
    """What the trigger's sentence says of a weapon or an attempt that was stopped; unknown where it says nothing."""
    text = lower(case.sentence.text)
    if STOPPED.search(text) and in_classes(WORD.findall(text), ("munition", "drone")):
        return "intercepted"
    return "failed" if FOILED.search(text) else "unknown"
