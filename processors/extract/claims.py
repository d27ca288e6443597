"""Who says so: the attributions of a sentence, each a speaker, a stance, and the stretch of text that it covers."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

import msgspec
from spacy.tokens import Token

from processors.extract.analysis import Analysis, Sentence, per_document
from processors.extract.speakers import Speaker, lexicon, speaker_of, stance_verbs
from processors.model import Span, Stance

QUOTES = re.compile(r"[\"“”]")
PRONOUNS = frozenset({"he", "she", "they", "it", "who", "which", "that"})
TELLING = frozenset({"tell", "inform"})
SIDE_CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "parataxis"})
TOLD = frozenset(
    {"claim", "report", "account", "figure", "toll", "number", "version", "statement", "allegation", "story"}
)
REACH = 3  # sentences back in which "he said" finds its speaker


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """A speaker's words: `start` to `end` is what is said, `cue` the word that says so ("said", "according to")."""

    speaker: Speaker
    stance: Stance
    start: int
    end: int
    cue: Span


def attributions(analysis: Analysis, sentence: Sentence) -> list[Attribution]:
    """Attributions of a parsed sentence, the widest first. A quotation that goes on from the sentence before keeps its
    speaker.
    """
    return _attributions(analysis, sentence, analysis.parses)


@per_document
def _attributions(analysis: Analysis, sentence: Sentence, parses: int) -> list[Attribution]:  # noqa: ARG001
    on = analysis.document.item.published_at.date()
    found = [*_by_verbs(analysis, sentence, on), *_by_phrases(sentence, on)]
    if not found and (before := _quoted_on(analysis, sentence)):
        found = [msgspec.structs.replace(before, start=sentence.start, end=sentence.end)]
    return sorted(found, key=lambda a: a.start - a.end)


def _by_verbs(analysis: Analysis, sentence: Sentence, on: date) -> Iterator[Attribution]:
    verbs = stance_verbs()
    for at, lemma in enumerate(sentence.lemmas):
        stance = verbs.get(lemma)
        if stance is None or (verb := sentence.tokens[at]).pos_ not in {"VERB", "AUX"} or _contested(verb):
            continue
        subject = _subject(verb)
        speaker = _speaker(analysis, sentence, subject, on) if subject is not None else None
        if speaker is None:
            continue
        start, end = _said(sentence, verb)
        yield Attribution(speaker=speaker, stance=_negated(verb, stance), start=start, end=end, cue=sentence.span(verb))


def _contested(verb: Token) -> bool:
    """Whether rivals dispute a place or a thing: "an area disputed by two gangs"."""
    by = any(c.dep_ == "agent" for c in verb.children)
    whats = [verb.head] if verb.dep_ == "acl" else [c for c in verb.children if c.dep_ == "nsubjpass"]
    return verb.lemma_ == "dispute" and by and not any(w.lemma_.lower() in TOLD for w in whats)


def _subject(verb: Token) -> Token | None:
    """Who says it: the verb's subject, that of the verb it is joined to, or the one who is said to say it
    ("told by").
    """
    own = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if own is not None:
        return verb.head if own.lower_ in {"who", "which"} and verb.dep_ == "relcl" else own
    by = next((p for c in verb.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"), None)
    if by is not None:
        return by
    if verb.dep_ in {"conj", "advcl"} and verb.head.pos_ == "VERB":
        return _subject(verb.head)
    if verb.dep_ != "acl":
        return None
    finite = verb.tag_ == "VBG" or any(c.dep_ == "dobj" for c in verb.children)  # "an office rejected any part in it"
    return verb.head if finite else None


def _negated(verb: Token, stance: Stance) -> Stance:
    """ "did not confirm" confirms nothing; "did not deny" denies nothing."""
    negated = any(c.dep_ == "neg" for c in verb.children)
    return "reports" if negated and stance in {"confirms", "denies"} else stance


def _speaker(analysis: Analysis, sentence: Sentence, token: Token, on: date) -> Speaker | None:
    if token.lower_ in PRONOUNS and token.pos_ == "PRON":
        return _antecedent(analysis, sentence)
    return speaker_of(sentence, token, on)


def _antecedent(analysis: Analysis, sentence: Sentence) -> Speaker | None:
    """Who "he" in "he said" is: the last speaker before, at most a few sentences back."""
    on = analysis.document.item.published_at.date()
    for index in range(sentence.index - 1, max(-1, sentence.index - 1 - REACH), -1):
        earlier = analysis.sentences[index]
        if earlier.doc is None:
            continue
        saying = [at for at, lemma in enumerate(earlier.lemmas) if lemma in stance_verbs()]
        for at in reversed(saying):
            verb = earlier.tokens[at]
            subject = _subject(verb) if verb.pos_ == "VERB" else None
            if subject is not None and subject.pos_ != "PRON" and (speaker := speaker_of(earlier, subject, on)):
                return speaker
        for start, token in _according(earlier):
            if start >= 0 and (speaker := speaker_of(earlier, token, on)):
                return speaker
    return None


def _said(sentence: Sentence, verb: Token) -> tuple[int, int]:
    """What is said: the clause or object of the verb, or the whole sentence where the speaker is put after it."""
    for child in verb.children:
        if child.dep_ == "dobj" and verb.lemma_.lower() in TELLING:
            continue  # who is told, not what
        if child.dep_ == "dobj" and child.pos_ == "PRON" and stance_verbs().get(verb.lemma_) == "denies":
            return sentence.start + child.idx, sentence.start + child.idx + len(child)  # "denied it"
        if child.dep_ in {"ccomp", "dobj", "xcomp", "oprd"} and child.i > verb.i and len(list(child.subtree)) > 1:
            last = list(verb.subtree)[-1]
            return sentence.start + child.left_edge.idx, sentence.start + last.idx + len(last)
    if verb.i < 4 and not any(c.dep_ == "ccomp" for c in verb.children):
        return sentence.start + verb.idx, sentence.end
    return sentence.start, sentence.end


def _according(sentence: Sentence) -> Iterator[tuple[int, Token]]:
    lowered = sentence.read.lower()
    for phrase, pattern in _phrases():
        for match in pattern.finditer(lowered) if phrase in lowered else ():
            noun = next((t for t in sentence.tokens if t.idx >= match.end() and t.dep_ in {"pobj", "dobj"}), None)
            if noun is not None and noun.left_edge.idx - match.end() <= 2:
                yield match.start(), noun


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((phrase, re.compile(rf"\b{re.escape(phrase)}\b")) for phrase in lexicon().according.phrases)


def _by_phrases(sentence: Sentence, on: date) -> Iterator[Attribution]:
    for start, token in _according(sentence):
        if speaker := speaker_of(sentence, token, on):
            cue = sentence.cut(start, token.left_edge.idx)
            first, last = _clause(sentence, start)
            yield Attribution(speaker=speaker, stance="reports", start=first, end=last, cue=cue)


def _clause(sentence: Sentence, at: int) -> tuple[int, int]:
    """The side clause that a phrase at an offset of the sentence stands within, else the whole sentence."""
    token = next(t for t in sentence.tokens if t.idx + len(t) > at)
    for verb in (a for a in token.ancestors if a.dep_ in SIDE_CLAUSES and a.pos_ in ("VERB", "AUX")):
        first, last = verb.left_edge, verb.right_edge
        if first.idx < at and token.i < verb.i:  # "that, according to medics, killed two": inside, not before or behind
            return sentence.start + first.idx, sentence.start + last.idx + len(last)
    return sentence.start, sentence.end


def _quoted_on(analysis: Analysis, sentence: Sentence) -> Attribution | None:
    """The attribution of a quotation that this sentence goes on with or begins."""
    marks = len(QUOTES.findall(analysis.text, 0, sentence.start))
    if marks % 2 == 0 or sentence.index == 0:
        return None
    before = analysis.sentences[sentence.index - 1]
    found = attributions(analysis, before) if before.doc is not None and before.paragraph == sentence.paragraph else []
    return found[0] if found else None


CITED = re.compile(
    r"(?:via|source:|citing|quoting|as reported by|reported by|according to|reports?|told|—|–)\s+(?P<handle>@\w{4,32})"
    r"|(?:\bvia\s+|\bhat tip\s+|\bh/t\s+)(?P<via>@?[\w.]+(?:\s[A-Z]\w+){0,2})",
    re.I,
)


def cited_sources(analysis: Analysis) -> tuple[str, ...]:
    """Outlets and channels that the text names as where it has its news from, each once, in order."""
    found = [m["handle"] or m["via"] for m in CITED.finditer(analysis.text)]
    for sentence in analysis.sentences:
        if sentence.doc is not None:
            found += [a.speaker.by for a in attributions(analysis, sentence) if a.speaker.kind == "media"]
    return tuple(dict.fromkeys(found))
