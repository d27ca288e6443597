"""Which of a text's time expressions is when an incident happened.

The nearest by syntax to the words that tell it; not the time of a statement, of a court hearing, of background, nor the
date of the dateline.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from spacy.tokens import Token

from processors.extract.analysis import Analysis, Sentence
from processors.times.expression import TimeExpression
from processors.times.lexicon import Grammar, grammar

COARSE = {"minute": 0.0, "hour": 0.0, "day": 0.0, "week": 1.5, "month": 3.0, "year": 5.0}
SLACK = {"week": timedelta(days=3), "month": timedelta(), "year": timedelta()}  # "two weeks ago" may be 17 days
LIMIT = 4.5  # costs above this: the expression is not the incident's
SURE = 1.0  # costs below this: no further sentence is looked at
STATEMENT, BACKGROUND, AFTERMATH, LABEL = 3.5, 8.0, 3.0, 8.0
RELATED, ELSEWHERE = 1.2, 2.4  # what an expression of another sentence costs
HAPPENS = -1.0  # "it happened on …"
ELSEWHERE_MOST = 14  # sentences that are looked at besides those told to be related
FARTHEST = 2.5


def event_time(
    analysis: Analysis, trigger_sentence: Sentence, trigger_start: int, trigger_end: int,
    times: Sequence[TimeExpression], related_sentences: Sequence[Sentence] = (),
) -> TimeExpression | None:  # fmt: skip
    """The expression for an incident whose words stand at `trigger_start` to `trigger_end` of the document's text.

    `related_sentences` tell the same incident, nearest first; sentences that say "it happened" are looked for besides.
    None where no expression is the incident's. Without related sentences, of the trigger's own sentence alone, the time of
    a statement or of what followed is nobody's.
    """
    best: tuple[float, TimeExpression] | None = None
    usable: list[tuple[float, TimeExpression]] = []
    for sentence, extra in _places(analysis, trigger_sentence, related_sentences):
        inside = [t for t in times if sentence.start <= t.start < sentence.end]
        if not inside or (best and best[0] <= max(SURE, extra + HAPPENS)):
            continue
        analysis.parse([sentence])
        trigger = _token_at(sentence, trigger_start, trigger_end) if sentence is trigger_sentence else None
        for expression in inside:
            if expression.of_next and not (trigger and _leads_to(sentence, expression, inside, trigger_start)):
                continue
            own = 0.0 if expression.of_next else _cost(sentence, expression, trigger)
            cost = extra + own
            barred = not related_sentences and own - COARSE[expression.precision] >= AFTERMATH
            if cost >= LIMIT or barred:
                continue
            usable.append((cost, expression))
            if best is None or cost < best[0]:
                best = cost, expression
    return _day_within(best[1], usable) if best else None


def _day_within(best: TimeExpression, usable: Sequence[tuple[float, TimeExpression]]) -> TimeExpression:
    """ "two weeks ago … at 2 a.m. on Jan. 23": the day that another sentence tells of the week, month or year meant."""
    if best.precision not in SLACK:
        return best
    first, until = best.first - SLACK[best.precision], best.until + SLACK[best.precision]
    days = [pair for pair in usable if pair[1].precision not in SLACK and first <= pair[1].first < until]
    return min(days, key=lambda pair: pair[0])[1] if days else best


def _places(analysis: Analysis, own: Sentence, related: Sequence[Sentence]) -> Iterable[tuple[Sentence, float]]:
    """Where to look, in order, with what it costs to find the time there."""
    yield own, 0.0
    for rank, sentence in enumerate(related):
        yield sentence, RELATED + 0.1 * rank
    known = {own.index, *(s.index for s in related)}
    others = sorted((s for s in analysis.sentences if s.index not in known), key=lambda s: abs(s.index - own.index))
    for sentence in others[:ELSEWHERE_MOST]:
        yield sentence, ELSEWHERE + 0.1 * abs(sentence.index - own.index)


def _token_at(sentence: Sentence, start: int, end: int) -> Token | None:
    """The head of the words from `start` to `end`."""
    inside = [t for t in sentence.tokens if start <= sentence.start + t.idx < end]
    heads = [t for t in inside if t.head not in inside or t.head is t]
    return next(iter(heads or inside), None)


def _cost(sentence: Sentence, expression: TimeExpression, trigger: Token | None) -> float:
    """How unlikely it is that the expression dates the incident of `trigger` (None: told elsewhere)."""
    cost = COARSE[expression.precision] + (BACKGROUND if expression.looks_ahead else 0)
    words = grammar()
    if is_label(sentence, expression, words):
        return cost + LABEL
    inside = [t for t in sentence.tokens if expression.start <= sentence.start + t.idx < expression.end]
    if not inside:
        return cost + FARTHEST
    head = next((t for t in inside if t.head not in inside or t.head is t), inside[0])
    if _is_limit(sentence.tokens[: inside[0].i], words):
        cost += BACKGROUND
    if trigger is None:
        return cost + 0.5 + _manner(head, words)
    if any(a.i == trigger.i for a in _path(head)) or _told_of(trigger, head, words):
        return cost + 0.25
    return cost + _distance(trigger, head) + max(0.0, _manner(head, words))


def _leads_to(
    sentence: Sentence, expression: TimeExpression, others: Sequence[TimeExpression], trigger_start: int
) -> bool:
    """Does the clause behind the expression tell the incident, and no day of its own?"""
    between = sentence.read[expression.end - sentence.start : trigger_start - sentence.start]
    nearer = any(expression.end <= t.start < trigger_start for t in others)
    return expression.end <= trigger_start and not nearer and not re.search(r"[,;:]", between)


def _is_limit(before: Sequence[Token], words: Grammar) -> bool:
    """ "since Monday", "before noon"; not "shortly before noon"."""
    classes = words.words.words
    nearly = len(before) > 1 and before[-2].lower_ in classes.get("nearly", ())
    return bool(before) and before[-1].lower_ in classes.get("background", ()) and not nearly


def _told_of(trigger: Token, time: Token, words: Grammar) -> bool:
    """ "condemned the bombing of a market on Monday": the time behind what is spoken of is its own."""
    verb = trigger.head
    spoken = trigger.dep_ == "dobj" and verb.lower_ in words.words.words.get("speech", ())
    return spoken and trigger.i < time.i and verb in time.ancestors


def is_label(sentence: Sentence, expression: TimeExpression, words: Grammar) -> bool:
    """A dateline's date, "Updated 5:40 p.m.": when it was written, not when it happened."""
    text = sentence.read.lower()
    before, after = text[: expression.start - sentence.start], text[expression.end - sentence.start :]
    told = words.words
    return bool(
        (told.label_after and re.match(told.label_after, after) and len(before) < 90)
        or (told.label_before and re.search(told.label_before, before))
    )


def _path(time: Token) -> list[Token]:
    """What the expression belongs to: up to its verb, that included."""
    found: list[Token] = []
    for token in time.ancestors:
        found.append(token)
        if token.pos_ in ("VERB", "AUX"):
            break
    return found


def _manner(time: Token, words: Grammar) -> float:
    """What the words that the expression belongs to say of it."""
    classes = words.words.words
    path = _path(time)
    if any(t.lower_ in classes.get("court", ()) for t in path):
        return AFTERMATH
    noun = next((t for t in path if t.dep_ != "prep"), None)
    if noun is not None and noun.pos_ in ("NOUN", "PROPN") and noun.lower_ in classes.get("event", ()):
        return HAPPENS  # "Friday's attack", "the clashes of Monday night"
    if any(t.dep_ == "mark" and t.lower_ in classes.get("background", ()) for v in path for t in v.children):
        return BACKGROUND
    if not path or path[-1].pos_ not in ("VERB", "AUX"):
        return 0.0
    verb, low = path[-1], path[-1].lower_
    if low in classes.get("happening", ()) or (verb.lemma_ == "be" and any(t.lower_ == "it" for t in verb.lefts)):
        return HAPPENS
    if low in classes.get("speech", ()):
        return _of_speech(verb, time, low in classes.get("reported", ()))
    return AFTERMATH if low in classes.get("aftermath", ()) else 0.0


def _of_speech(verb: Token, time: Token, passive_tells: bool) -> float:
    """ "said on Monday" dates the statement; "say on Monday a man was", "was reported on Monday" do not."""
    said = next((t for t in verb.children if t.dep_ == "ccomp" and t.i > time.i > verb.i), None)
    if said is not None and not any(t.dep_ == "mark" for t in said.children):
        return 0.0
    passive = any(t.dep_ in ("auxpass", "nsubjpass") for t in verb.children)
    return 0.3 if passive and passive_tells else STATEMENT


def _distance(trigger: Token, time: Token) -> float:
    """Steps between the two in the tree, a quarter each; far apart they cost little more than the next sentence."""
    up = [trigger, *trigger.ancestors]
    for steps, token in enumerate([time, *time.ancestors]):
        if token in up:
            return min(FARTHEST, 0.25 * (steps + up.index(token)))
    return FARTHEST
