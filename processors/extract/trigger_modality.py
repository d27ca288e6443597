"""The modality of one trigger by rules: actual, historical, planned, hypothetical, denied, exercise, or no event.

Cues of the lexicon are looked for near the trigger; the parse says whether they bear on it. Order: what holds for the
whole document, negation, cues of the sentence, auxiliaries and clauses, dates. What nothing speaks against is actual.
"""

import re
from collections.abc import Callable

from spacy.tokens import Token

from processors.extract.analysis import Analysis, per_document
from processors.extract.cues import Found, find
from processors.extract.dated import old_dates, reference
from processors.extract.events import Trigger, find_triggers
from processors.extract.modality_signs import (
    CLAIMED,
    IN_GENERAL,
    LEAD,
    PEACEFUL,
    RECENT,
    Case,
    Judgement,
    auxiliaries,
    case_word,
    claimed,
    forestalled,
    habitual,
    has_subject,
    in_general,
    names_day,
    outcome,
    seized,
)
from processors.extract.scope import bears_on, clause_of, governs, is_negated, tokens_in
from processors.extract.speakers import stance_verbs
from processors.model import EventType, Modality, Span

__all__ = ["CLAIMED", "IN_GENERAL", "Judgement", "judge_alone"]

NEAR = 4  # words between a "before" cue and the trigger
TELLING = frozenset({"reports", "confirms", "claims"})
HARM = frozenset(
    {"kill", "injure", "bodies", "incident", "violence"}
)  # rules whose negation ("no one was hurt") leaves the event standing
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
FIRST_SINCE = re.compile(
    r"\b(?:first|worst|deadliest|biggest|largest|heaviest)\b[^.;]{0,40}\bsince (?:\w+ ){0,2}$", re.I
)
BACKGROUND = frozenset({Modality.HISTORICAL, Modality.HYPOTHETICAL, Modality.PLANNED, Modality.EXERCISE})


@per_document
def judge_alone(analysis: Analysis, trigger: Trigger) -> Judgement:
    """The modality of the event that `trigger` tells, by its sentence and the cues of the document."""
    sentence = analysis.sentences[trigger.sentence]
    case = Case(analysis, sentence, trigger, sentence.tokens[trigger.token])
    for check in CHECKS:
        if found := check(case):
            return found
    return Judgement(Modality.ACTUAL, "default", outcome_hint=outcome(case))


def _whole_document(case: Case) -> Judgement | None:
    for found in _document_cues(case.analysis):
        return _by_cue(found, 0, case.analysis.text)
    return None


def _negation(case: Case) -> Judgement | None:
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


def _sentence_cues(case: Case) -> Judgement | None:
    threat = case.trigger.event_type is EventType.THREAT
    for found in _cues_of(case.analysis)[case.sentence.index]:
        if threat and found.cue.verdict in ("planned", "hypothetical"):
            continue  # what is threatened lies ahead, the threat is made now
        if found.cue.scope in ("lead", "document") or not _bears(found, case):
            continue
        if found.cue.recent and names_day(case, found.cue.scope):
            continue
        if found.cue.id == "deny" and _told_by_another(case, found):
            continue
        return _by_cue(found, case.sentence.start, case.sentence.text)
    return None


def _told_by_another(case: Case, deny: Found) -> bool:
    """ "One says that shots were fired, the other denies it": the event is told, and besides contested."""
    verbs = stance_verbs()
    at, token = tokens_in(case.sentence, deny.start, deny.end), case.token
    while token.head.i != token.i and all(token.i != t.i for t in at):
        telling = token.pos_ == "VERB" and verbs.get(token.lemma_.lower()) in TELLING
        if telling and any(c.dep_ == "nsubj" and c.pos_ != "PRON" for c in token.children):
            return bool(token.i != case.token.i)
        token = token.head
    return False


def _dates(case: Case) -> Judgement | None:
    for start, end in _old_dates_of(case.analysis)[case.sentence.index]:
        if FIRST_SINCE.search(case.sentence.text, 0, start):
            continue
        if bears_on(case.sentence, start, end, case.token) and not _day_nearer(case, start):
            return Judgement(Modality.HISTORICAL, "old_date", case.sentence.cut(start, end))
    return None


def _day_nearer(case: Case, date: int) -> bool:
    """ "On Tuesday police arrested a man wanted since 2021": the nearer of two days is the trigger's."""
    at = case.trigger.start - case.sentence.start
    named = [t for t in case.sentence.tokens if t.lower_ in RECENT]
    own = [t.idx for t in named if bears_on(case.sentence, t.idx, t.idx + len(t), case.token)]
    return any(abs(day - at) < abs(date - at) for day in own)


def _inherited(case: Case) -> Judgement | None:
    """ "The port blew up in 2020, killing 218", "the strike of 2019 that killed nine": a clause that says what came of an
    event, or who did it, lies where that event lies.
    """
    token = case.token
    if token.dep_ not in ("relcl", "acl") and not (token.dep_ in ("advcl", "conj") and not has_subject(token)):
        return None
    if token.dep_ == "advcl" and token.tag_ != "VBG":
        return None
    heads = {token.head.i, clause_of(token.head).i} if token.dep_ != "acl" else {token.head.i}
    for other in find_triggers(case.analysis):
        if other.sentence == case.sentence.index and other.token in heads and other is not case.trigger:
            found = judge_alone(case.analysis, other)
            return found if found.modality in BACKGROUND else None
    return None


def _goes_on(case: Case) -> Judgement | None:
    """Where all violence told so far lies in the past, behind an arrest, an inquiry or a statement, what is told next
    without a day is part of it.
    """
    if _peaceful(case.trigger) or case.sentence.kind == "title" or names_day(case):
        return None
    before = [t for t in find_triggers(case.analysis) if t.sentence < case.sentence.index and not _peaceful(t)]
    told = [j for t in before if (j := judge_alone(case.analysis, t)).modality is not None]
    past = bool(told) and all(j.modality is Modality.HISTORICAL and j.rule in PAST for j in told)
    return Judgement(Modality.HISTORICAL, "goes_on") if past else None


def _peaceful(trigger: Trigger) -> bool:
    """An arrest, a march, a threat by its own words; a murder is none, though an arrest beside it lent it its type."""
    return trigger.event_type in PEACEFUL and not trigger.generic


CHECKS: tuple[Callable[[Case], Judgement | None], ...] = (
    _whole_document,
    forestalled,
    _negation,
    _sentence_cues,
    auxiliaries,
    _dates,
    _inherited,
    case_word,
    seized,
    claimed,
    in_general,
    habitual,
    _goes_on,
)


def _bears(found: Found, case: Case) -> bool:
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
