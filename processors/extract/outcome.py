"""Did it work: hit, failed, intercepted, by the words of the sentences that tell the incident."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import cast

import msgspec

from processors.extract.analysis import Analysis, Sentence
from processors.extract.phrases import PhraseIndex, words_of
from processors.lexicon.load import load
from processors.model import Outcome, Span

SCOPE = 4  # words before a word of effect in which a negation takes it away


class OutcomeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    failed: tuple[str, ...]
    intercepted: tuple[str, ...]
    hit: tuple[str, ...]
    negations: frozenset[str]
    open: tuple[str, ...]
    without: frozenset[str]
    done: frozenset[str]


@cache
def _index() -> PhraseIndex[Outcome]:
    words = load("outcomes", OutcomeWords)
    table = {phrase: outcome for outcome in ("hit", "intercepted", "failed") for phrase in getattr(words, outcome)}
    return PhraseIndex((phrase, cast(Outcome, outcome), False) for phrase, outcome in table.items())


def outcome_of(
    analysis: Analysis,
    trigger_sentence: Sentence,
    trigger_start: int,
    trigger_end: int,
    event_type: str,
    related_sentences: Sequence[Sentence] = (),
) -> tuple[Outcome, Span | None]:
    """The outcome and the words that say it. What took effect on people or things is a hit, even if it was also shot
    at.
    """
    lexicon = load("outcomes", OutcomeWords)
    if event_type in lexicon.without:
        return "unknown", None
    sentences = {s.index: s for s in (trigger_sentence, *related_sentences)}
    found: dict[Outcome, Span] = {}
    for outcome, span in (hit for s in sentences.values() for hit in outcome_words(s)):
        found.setdefault(outcome, span)
    for outcome in _order(event_type):
        if outcome in found:
            return outcome, found[outcome]
    if event_type in lexicon.done:
        return "hit", Span(trigger_start, trigger_end, analysis.text[trigger_start:trigger_end])
    return "unknown", None


def _order(event_type: str) -> tuple[Outcome, ...]:
    return (
        ("failed", "intercepted", "hit")
        if event_type in {"bombing", "assassination"}
        else ("hit", "intercepted", "failed")
    )


def outcome_words(sentence: Sentence) -> Iterable[tuple[Outcome, Span]]:
    """Words of a sentence that say an outcome, those left out that are negated or left open."""
    lexicon = load("outcomes", OutcomeWords)
    lowered = sentence.read.lower()
    for start, end, outcome in _index().find(sentence.read):
        before = lowered[:start]
        if outcome == "hit" and lexicon.negations & set(words_of(before)[-SCOPE:]):
            continue
        if any(cue in before for cue in lexicon.open):
            continue
        yield outcome, sentence.cut(start, end)
