"""The modality of one trigger by rules: actual, historical, planned, hypothetical, denied, exercise, or no event.

Cues of the lexicon are looked for near the trigger; the parse says whether they bear on it. Order: what holds for the
whole document, negation, cues of the sentence, auxiliaries and clauses, dates. What nothing speaks against is actual.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from processors.extract.analysis import Analysis, Sentence, per_document
from processors.extract.cues import Found, Scope, find
from processors.extract.dated import old_dates, reference
from processors.extract.events import Trigger, find_triggers
from processors.extract.scope import bears_on, clause_of, governs, is_negated, tokens_in
from processors.extract.speakers import stance_verbs
from processors.extract.triggers import WORD, in_classes, lower
from processors.model import EventType, Modality, Outcome, Span

LEAD = 2  # sentences of the body that count as its beginning
NEAR = 4  # words between a "before" cue and the trigger
TELLING = frozenset({"reports", "confirms", "claims"})
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
HARM = frozenset(
    {"kill", "injure", "bodies", "incident", "violence"}
)  # rules whose negation ("no one was hurt") leaves the event standing
CLAIMED = "claimed"
PEACEFUL = frozenset({EventType.RAID, EventType.THREAT, EventType.PROTEST})
PAST = frozenset(
    {
        "investigated",
        "court",
        "court_room",
        "old_case",
        "elapsed",
        "old_date",
        "statistics",
        "case",
        "anniversary",
        "goes_on",
    }
)
DEVICES = frozenset({"bomb", "bomb_found", "bomb_toll", "landmine", "mine_bare", "munition_toll"})
DEEDS = frozenset({"bombing", "attack", "blast", "explosion", "assault", "strike"})
SEIZING = frozenset(
    {"seize", "recover", "confiscate", "possession", "cache", "haul", "smuggle", "arrest", "detain", "hold"}
)
PLACED = frozenset({"plant", "defuse", "explode", "detonate", "lay", "bury", "fix", "attach", "hurl", "throw"})
BACKGROUND = frozenset({Modality.HISTORICAL, Modality.HYPOTHETICAL, Modality.PLANNED, Modality.EXERCISE})
RECENT = frozenset(
    ("today", "tonight", "yesterday", "overnight", "morning", "evening", "monday", "tuesday", "wednesday", "thursday")
    + ("friday", "saturday", "sunday")
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`modality` None: no event (figurative, fiction, sirens, old munition). `withdrawn`: the text takes it back."""

    modality: Modality | None
    rule: str
    cue: Span | None = None
    withdrawn: bool = False
    outcome_hint: Outcome = "unknown"


@dataclass(frozen=True, slots=True)
class _Case:
    analysis: Analysis
    sentence: Sentence
    trigger: Trigger
    token: Token


@per_document
def judge_alone(analysis: Analysis, trigger: Trigger) -> Judgement:
    """The modality of the event that `trigger` tells, by its sentence and the cues of the document."""
    sentence = analysis.sentences[trigger.sentence]
    case = _Case(analysis, sentence, trigger, sentence.tokens[trigger.token])
    for check in CHECKS:
        if found := check(case):
            return found
    return Judgement(Modality.ACTUAL, "default", outcome_hint=_outcome(case))


def _whole_document(case: _Case) -> Judgement | None:
    for found in _document_cues(case.analysis):
        return _by_cue(found, 0, case.analysis.text)
    return None


def _negation(case: _Case) -> Judgement | None:
    harm = case.trigger.rule.split(">")[0] in HARM
    if harm and _without(case.token):
        return Judgement(None, "no_harm")
    if not is_negated(case.token):
        return None
    if harm:
        return Judgement(None, "no_harm")
    return Judgement(Modality.DENIED, "negation")


def _without(token: Token) -> bool:
    """ "without causing casualties"."""
    return any(t.lower_ == "without" for t in (token.head, token.head.head))


def _sentence_cues(case: _Case) -> Judgement | None:
    threat = case.trigger.event_type is EventType.THREAT
    for found in _cues_of(case.analysis)[case.sentence.index]:
        if threat and found.cue.verdict in ("planned", "hypothetical"):
            continue  # what is threatened lies ahead, the threat is made now
        if found.cue.scope in ("lead", "document") or not _bears(found, case):
            continue
        if found.cue.recent and _names_day(case, found.cue.scope):
            continue
        if found.cue.id == "deny" and _told_by_another(case, found):
            continue
        return _by_cue(found, case.sentence.start, case.sentence.text)
    return None


def _told_by_another(case: _Case, deny: Found) -> bool:
    """ "One says that shots were fired, the other denies it": the event is told, and besides contested."""
    verbs = stance_verbs()
    at, token = tokens_in(case.sentence, deny.start, deny.end), case.token
    while token.head.i != token.i and all(token.i != t.i for t in at):
        telling = token.pos_ == "VERB" and verbs.get(token.lemma_.lower()) in TELLING
        if telling and any(c.dep_ == "nsubj" and c.pos_ != "PRON" for c in token.children):
            return bool(token.i != case.token.i)
        token = token.head
    return False


def _names_day(case: _Case, scope: Scope = "sentence") -> bool:
    """Whether the sentence names a day of this week; for a cue that stands before the trigger, what hangs from this."""
    words = case.token.subtree if scope == "before" else case.sentence.tokens
    return any(t.lower_ in RECENT for t in words)


def _forestalled(case: _Case) -> Judgement | None:
    """ "defused before it could go off": what was kept from happening is no event beside what kept it."""
    verb = case.token if case.token.pos_ in ("VERB", "AUX") else clause_of(case.token)
    before = any(c.dep_ == "mark" and c.lower_ == "before" for c in verb.children)
    possible = any(c.dep_ == "aux" and c.lower_ in POSSIBLE for c in verb.children)
    if not before or not possible:
        return None
    alone = all(t is case.trigger or t.event_type in PEACEFUL for t in find_triggers(case.analysis))
    attempt = Modality.ACTUAL if alone else None  # what was kept from happening is all that the text tells
    return Judgement(attempt, "forestalled", case.sentence.span(verb), outcome_hint="failed" if alone else "unknown")


def _auxiliaries(case: _Case) -> Judgement | None:
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


def _dates(case: _Case) -> Judgement | None:
    for start, end in _old_dates_of(case.analysis)[case.sentence.index]:
        if bears_on(case.sentence, start, end, case.token) and not _day_nearer(case, start):
            return Judgement(Modality.HISTORICAL, "old_date", case.sentence.cut(start, end))
    return None


def _day_nearer(case: _Case, date: int) -> bool:
    """ "On Tuesday police arrested a man wanted since 2021": the nearer of two days is the trigger's."""
    at = case.trigger.start - case.sentence.start
    named = [t for t in case.sentence.tokens if t.lower_ in RECENT]
    own = [t.idx for t in named if bears_on(case.sentence, t.idx, t.idx + len(t), case.token)]
    return any(abs(day - at) < abs(date - at) for day in own)


def _inherited(case: _Case) -> Judgement | None:
    """ "The port blew up in 2020, killing 218", "the strike of 2019 that killed nine": a clause that says what came of an
    event, or who did it, lies where that event lies.
    """
    token = case.token
    if token.dep_ not in ("relcl", "acl") and not (token.dep_ in ("advcl", "conj") and not _has_subject(token)):
        return None
    if token.dep_ == "advcl" and token.tag_ != "VBG":
        return None
    heads = {token.head.i, clause_of(token.head).i} if token.dep_ != "acl" else {token.head.i}
    for other in find_triggers(case.analysis):
        if other.sentence == case.sentence.index and other.token in heads and other is not case.trigger:
            found = judge_alone(case.analysis, other)
            return found if found.modality in BACKGROUND else None
    return None


def _goes_on(case: _Case) -> Judgement | None:
    """Where all violence told so far lies in the past, behind an arrest, an inquiry or a statement, what is told next
    without a day is part of it.
    """
    if case.trigger.event_type in PEACEFUL or case.sentence.kind == "title" or _names_day(case):
        return None
    before = [
        t for t in find_triggers(case.analysis) if t.sentence < case.sentence.index and t.event_type not in PEACEFUL
    ]
    told = [j for t in before if (j := judge_alone(case.analysis, t)).modality is not None]
    past = bool(told) and all(j.modality is Modality.HISTORICAL and j.rule in PAST for j in told)
    return Judgement(Modality.HISTORICAL, "goes_on") if past else None


def _seized(case: _Case) -> Judgement | None:
    """Bombs among what was seized, in somebody's possession or in a cache, did nothing."""
    if case.trigger.rule.split(">")[0] not in DEVICES or not case.trigger.nominal or case.trigger.lemma in DEEDS:
        return None
    words = {t.lemma_.lower() for t in case.token.ancestors} | {t.lemma_.lower() for t in case.token.conjuncts}
    placed = {t.lemma_.lower() for t in case.sentence.tokens} & PLACED
    return Judgement(None, "seized") if words & SEIZING and not placed else None


def _claimed(case: _Case) -> Judgement | None:
    """ "X claimed responsibility for the attack", "X claims the ambush", "X said it was behind the blast"."""
    words = {t.lemma_.lower() for t in case.token.ancestors}
    claimed = bool(words & {"responsibility", "credit"} and words & {"claim", "take", "admit", "assume", "accept"})
    direct = case.trigger.nominal and case.token.dep_ == "dobj" and case.token.head.lemma_.lower() == "claim"
    behind = case.trigger.nominal and case.token.head.lower_ == "behind" and "say" in words
    return Judgement(Modality.ACTUAL, CLAIMED) if claimed or direct or behind else None


def _has_subject(token: Token) -> bool:
    return any(t.dep_ in ("nsubj", "nsubjpass") for t in token.children)


def _case_word(case: _Case) -> Judgement | None:
    """An event that only names a case: "the blast accused", "the ambush trial"."""
    token = case.token
    if (
        token.dep_ in ("compound", "nmod")
        and in_classes([token.head.lemma_.lower()], ("case_word",))
        and not _names_day(case)
    ):
        return Judgement(Modality.HISTORICAL, "case", case.sentence.span(token.head))
    return None


def _in_general(case: _Case) -> Judgement | None:
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
    return Judgement(Modality.HISTORICAL, "in_general")


CHECKS: tuple[Callable[[_Case], Judgement | None], ...] = (
    _whole_document,
    _forestalled,
    _negation,
    _sentence_cues,
    _auxiliaries,
    _dates,
    _inherited,
    _case_word,
    _seized,
    _claimed,
    _in_general,
    _goes_on,
)


def _verbs_above(token: Token) -> Iterator[Token]:
    """The trigger's own verb and, for a noun, the verb of its clause; not the verbs of clauses above."""
    yield token
    if token.pos_ not in ("VERB", "AUX"):
        yield clause_of(token)


def _bears(found: Found, case: _Case) -> bool:
    sentence, scope = case.sentence, found.cue.scope
    if found.start < case.trigger.end - sentence.start and case.trigger.start - sentence.start < found.end:
        return scope == "sentence"
    if scope == "sentence":
        return True
    if scope == "clause":
        return bears_on(sentence, found.start, found.end, case.token)
    if scope == "governs":
        return governs(sentence, found.start, found.end, case.token)
    between = sentence.text[found.end : case.trigger.start - sentence.start]
    apart = found.end > case.trigger.start - sentence.start or any(c in between for c in ".,;:!?")
    return not apart and len(between.split()) <= NEAR


def _by_cue(found: Found, offset: int, text: str) -> Judgement:
    span = Span(offset + found.start, offset + found.end, text[found.start : found.end])
    return Judgement(found.cue.modality, found.cue.id, span, found.cue.withdrawn)


def _outcome(case: _Case) -> Outcome:
    text = lower(case.sentence.text)
    if STOPPED.search(text) and in_classes(WORD.findall(text), ("munition", "drone")):
        return "intercepted"
    return "failed" if FOILED.search(text) else "unknown"


@per_document
def _old_dates_of(analysis: Analysis) -> list[list[tuple[int, int]]]:
    """Per sentence."""
    seen_from = reference(analysis.text, analysis.document.item.published_at)
    return [list(old_dates(s.text, seen_from)) if seen_from else [] for s in analysis.sentences]


@per_document
def _cues_of(analysis: Analysis) -> list[list[Found]]:
    """Per sentence, in order of the lexicon."""
    from processors.extract.cues import cues

    order = {cue.id: i for i, cue in enumerate(cues())}
    return [sorted(find(s.text), key=lambda f: order[f.cue.id]) for s in analysis.sentences]


@per_document
def _document_cues(analysis: Analysis) -> list[Found]:
    """Cues that hold for the whole document, as offsets into its text."""
    body = next((s.index for s in analysis.sentences if s.kind == "body"), 0)
    chosen = []
    for sentence, found in zip(analysis.sentences, _cues_of(analysis), strict=True):
        leading = sentence.index < body + LEAD
        for f in found:
            if f.cue.scope == "document" or (f.cue.scope == "lead" and leading):
                chosen.append(Found(f.cue, f.start + sentence.start, f.end + sentence.start))
    return chosen
