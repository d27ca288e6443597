"""Which of a text's time expressions is when an incident happened.

The nearest by syntax to the words that tell it; not the time of a statement, of a court hearing or of background.
"""

from collections.abc import Sequence

from spacy.tokens import Token

from processors.extract.analysis import Analysis, Sentence
from processors.times.expression import TimeExpression
from processors.times.lexicon import grammar

COARSE = {"minute": 0.0, "hour": 0.0, "day": 0.0, "week": 2.5, "month": 4.0, "year": 6.0}
LIMIT = 6.0  # costs above this: no expression of the sentence is the incident's
STATEMENT, BACKGROUND, AFTERMATH = 5.0, 8.0, 4.0
FIRST_RELATED = 1.5  # a sentence further away costs this and more


def event_time(
    analysis: Analysis, trigger_sentence: Sentence, trigger_start: int, trigger_end: int,
    times: Sequence[TimeExpression], related_sentences: Sequence[Sentence] = (),
) -> TimeExpression | None:  # fmt: skip
    """The expression for an incident whose words stand at `trigger_start` to `trigger_end` of the document's text.

    `related_sentences` tell the same incident, nearest first. None where no expression is the incident's.
    """
    best: tuple[float, TimeExpression] | None = None
    for rank, sentence in enumerate((trigger_sentence, *related_sentences)):
        inside = [t for t in times if sentence.start <= t.start < sentence.end]
        if not inside:
            continue
        analysis.parse([sentence])
        trigger = _token_at(sentence, trigger_start, trigger_end) if rank == 0 else None
        for expression in inside:
            cost = _cost(sentence, expression, trigger) + (FIRST_RELATED + 0.2 * rank if rank else 0)
            if cost < LIMIT and (best is None or cost < best[0]):
                best = cost, expression
        if best and best[0] <= 1:
            break
    return best[1] if best else None


def _token_at(sentence: Sentence, start: int, end: int) -> Token | None:
    """The head of the words from `start` to `end`."""
    inside = [t for t in sentence.tokens if start <= sentence.start + t.idx < end]
    heads = [t for t in inside if t.head not in inside or t.head is t]
    return (heads or inside or [None])[0]


def _cost(sentence: Sentence, expression: TimeExpression, trigger: Token | None) -> float:
    cost = COARSE[expression.precision] + (BACKGROUND if expression.looks_ahead else 0)
    inside = [t for t in sentence.tokens if expression.start <= sentence.start + t.idx < expression.end]
    if not inside:
        return cost
    head = next((t for t in inside if t.head not in inside or t.head is t), inside[0])
    words = grammar().words.words
    if inside[0].i and sentence.tokens[inside[0].i - 1].lower_ in words.get("background", ()):
        cost += BACKGROUND
    governor = _governor(head)
    if governor is not None and governor.lower_ in words.get("speech", ()):
        cost += STATEMENT
    elif governor is not None and governor.lower_ in words.get("aftermath", ()):
        cost += AFTERMATH
    return cost + (_distance(trigger, head) if trigger is not None else 0.5)


def _governor(token: Token) -> Token | None:
    """The verb or event noun that the expression belongs to."""
    return next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)


def _distance(trigger: Token, time: Token) -> float:
    """Steps between the two in the tree, a quarter each; far apart they cost little more than the next sentence."""
    up = [trigger, *trigger.ancestors]
    for steps, token in enumerate([time, *time.ancestors]):
        if token in up:
            return min(2.5, 0.25 * (steps + up.index(token)))
    return 2.5
