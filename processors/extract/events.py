"""What happened? Finds the words that tell events, and says which type each tells.

Two steps: the lexicon finds candidate words in the raw text; only sentences with candidates are parsed, and the parse
decides whether a candidate is the verb or noun it looks like and whether what it acts on can be attacked, shot, burnt …
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from processors.extract.actors.names import find_names
from processors.extract.analysis import Analysis, Sentence, per_document
from processors.extract.triggers import WEAK, WORD, Entry, Hit, Pattern, hits, in_classes, lower, may_follow_up
from processors.model import EventType

CLIPPED = 25  # words up to which a text is read as one sentence
AFTER = 0.45  # at most, for what follows an event up, be there words of a method beside it
FOUNDING = 0.5  # a trigger weaker than this founds no incident; it only adds to one
VERBAL = frozenset({"VERB", "AUX"})
PARTICIPLES = frozenset({"VBN", "VBD", "VBG"})
NOMINAL = frozenset({"NOUN", "PROPN", "ADJ"})
PLURALS = frozenset({"NNS", "NNPS"})
OPENING = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "DT", "CD", "PRP$"})  # what an object may begin with
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "his", "her", "their", "its"})
TIMES = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "morning", "evening", "night")
    + ("january", "february", "march", "april", "june", "july", "august", "september", "october", "november")
    + ("december", "afternoon", "day", "dawn", "eve", "time", "scene", "spot", "a.m.", "p.m.", "hours", "noon")
)
GROUPS = frozenset({"armed_group", "criminal_group"})
VERB_ONLY = frozenset({"fire", "fires"})  # as nouns these are another thing
RECIPIENTS = frozenset({"on", "against", "at", "of", "upon"})


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that tell an event. `start`, `end`: offsets into the document's text; `token`: the head word in the parse.

    `generic`: the words do not tell the method, `event_type` was settled by words nearby or is a default.
    `anaphoric`: a definite reference ("the attack") to an event that was told before.
    """

    sentence: int
    start: int
    end: int
    text: str
    event_type: EventType
    lemma: str
    rule: str
    strength: float
    generic: bool
    anaphoric: bool
    nominal: bool
    token: int


def find_triggers(analysis: Analysis) -> list[Trigger]:
    """All event words of the document, in order; each stretch of text at most once. Types are settled by method.

    Where all are too weak to found an incident ("the incident", "three were hurt"), a short text follows an incident up;
    a long one tells none.
    """
    return list(_triggers(analysis))


def founds(triggers: Iterable[Trigger]) -> bool:
    """Whether some word tells an event by itself."""
    return any(t.strength >= FOUNDING for t in triggers)


@per_document
def _triggers(analysis: Analysis) -> tuple[Trigger, ...]:
    from processors.extract.event_types import settled

    found = list(_by_sentence(analysis))
    analysis.parse(sentence for sentence, _ in found)
    around = _words_around(analysis)
    events = [(s, [h for h in candidates if not h.pattern.entry.follow_up]) for s, candidates in found]
    typed = settled(analysis, [t for s, candidates in events for t in _accepted(s, candidates, around)])
    if founds(typed):
        return tuple(typed)
    if not may_follow_up(analysis.text):
        return ()
    weak = settled(analysis, [t for s, candidates in found for t in _accepted(s, candidates, around)])
    return tuple(replace(t, strength=min(t.strength, AFTER)) for t in weak if t.strength > WEAK)


def event_sentences(analysis: Analysis) -> list[Sentence]:
    """The sentences that hold words of the trigger lexicon: what must be parsed to know whether an event is told."""
    return [sentence for sentence, _ in _by_sentence(analysis)]


@per_document
def _by_sentence(analysis: Analysis) -> list[tuple[Sentence, list[Hit]]]:
    short = may_follow_up(analysis.text)
    told = ((s, [h for h in hits(s.text) if short or not h.pattern.entry.follow_up]) for s in analysis.sentences)
    return [(sentence, found) for sentence, found in told if found]


def _words_around(analysis: Analysis) -> frozenset[str] | None:
    """The words of a post of a few words, whose sentences ("Mortars. Nikopol again.") are read as one; None elsewhere."""
    words = WORD.findall(lower(analysis.text))
    return frozenset(words) if len(words) <= CLIPPED else None


def _accepted(sentence: Sentence, candidates: Iterable[Hit], around: frozenset[str] | None) -> list[Trigger]:
    """The candidates that the parse bears out; of several that overlap, one that tells the method, then the longest."""
    words = _words(sentence.tokens)
    near = words | (around or frozenset())
    fitting = (hit for hit in candidates if around or not hit.pattern.entry.clipped)
    kept = [t for hit in fitting if (t := _trigger(sentence, hit, words, near))]
    kept.sort(key=lambda t: (t.generic, t.start - t.end, -t.strength))
    chosen: list[Trigger] = []
    for trigger in kept:
        if all(trigger.end <= other.start or other.end <= trigger.start for other in chosen):
            chosen.append(trigger)
    return sorted(chosen, key=lambda t: t.start)


def _trigger(sentence: Sentence, hit: Hit, words: frozenset[str], near: frozenset[str]) -> Trigger | None:
    doc, entry = sentence.tokens, hit.pattern.entry
    span = doc.char_span(hit.start, hit.end, alignment_mode="expand")
    if span is None or not len(span):
        return None
    head = _head(list(span), hit.pattern)
    if head is None or _is_name(sentence, head) or not _fits(entry, head, list(span), words, near):
        return None
    nominal = head.pos_ not in VERBAL
    return Trigger(
        sentence=sentence.index,
        start=sentence.start + hit.start,
        end=sentence.start + hit.end,
        text=sentence.text[hit.start : hit.end],
        event_type=entry.type,
        lemma=head.lemma_.lower(),
        rule=entry.id,
        strength=entry.strength,
        generic=entry.generic,
        anaphoric=nominal and _definite(head),
        nominal=nominal,
        token=head.i,
    )


def _head(tokens: list[Token], pattern: Pattern) -> Token | None:
    """The word that governs the match: of a phrase its first verb that is no modifier, else the top of its tree."""
    if pattern.part == "verb":
        return next((t for t in tokens if t.pos_ in VERBAL or t.tag_ in PARTICIPLES or _inflected(t)), None)
    if pattern.part == "noun":
        return tokens[-1] if tokens[-1].pos_ in NOMINAL or tokens[-1].tag_ in ("VBG", "VB", "VBP", "VBZ") else None
    if pattern.verbal and tokens[0].lower_ in VERB_ONLY and tokens[0].pos_ in NOMINAL and not _fired(tokens):
        return None
    verbs = [t for t in tokens if t.pos_ == "VERB" and t.dep_ not in ("amod", "compound")]
    if verbs:
        return verbs[0]
    inside = {t.i for t in tokens}
    return next((t for t in tokens if t.head.i not in inside or t.head.i == t.i), tokens[-1])


def _fired(tokens: list[Token]) -> bool:
    """Whether "fires" is the verb, whatever the tagger says: "Gunman fires at car", "Army fires rockets"."""
    first = tokens[0]
    by = [first.doc[first.i - 1].lower_] if first.i else []
    return in_classes((t.lower_ for t in tokens), ("munition",)) or in_classes(by, ("armed", "force", "people"))


def _inflected(token: Token) -> bool:
    """A verb that the tagger took for a name or a noun, as it does in headlines ("Train derails", "Vandals torch car")."""
    if token.pos_ not in NOMINAL or any(t.tag_ in FINITE for t in token.doc):
        return False
    if token.lower_.endswith(("ed", "s")):
        return True
    doc, at = token.doc, token.i
    return 0 < at < len(doc) - 1 and doc[at - 1].tag_ in PLURALS and doc[at + 1].tag_ in OPENING


def _is_name(sentence: Sentence, head: Token) -> bool:
    """A word of a proper name in running text ("the sequel Catching Fire")."""
    inside = any(t.is_alpha for t in head.doc[: head.i]) and not head.doc[head.i - 1].is_punct
    return sentence.kind == "body" and inside and head.pos_ == "PROPN" and sentence.text[head.idx :][:2].istitle()


def _fits(entry: Entry, head: Token, tokens: list[Token], words: frozenset[str], near: frozenset[str]) -> bool:
    """Whether the conditions of the entry hold, with the words of the sentence and those that may help it out."""
    doc, first, last = head.doc, tokens[0].i, tokens[-1].i
    if entry.before and first and doc[first - 1].lower_ in entry.before:
        return False
    if entry.after and _next_word(doc, last) in entry.after:
        return False
    if entry.needs and not in_classes(near, entry.needs) and not ("armed" in entry.needs and _names_group(doc)):
        return False
    if entry.bars and in_classes(words, entry.bars):
        return False
    return _fits_arguments(entry, head)


def _names_group(doc: Doc) -> bool:
    """Whether an armed group or gang is called by its name."""
    names = find_names(doc.text)
    return any(option.kind in GROUPS for _, _, known in names for option in known.options)


def _fits_arguments(entry: Entry, head: Token) -> bool:
    objects = [w for token in objects_of(head) for w in (token.lemma_.lower(), token.lower_)]
    if entry.object and not in_classes(objects, entry.object):
        return False
    if entry.no_object and in_classes(objects, entry.no_object):
        return False
    if not entry.no_subject:
        return True
    subjects = [t.lemma_.lower() for t in head.children if t.dep_ == "nsubj"] + [
        t.lemma_.lower() for t in head.children if t.dep_ == "compound"
    ]
    return not in_classes(subjects, entry.no_subject)


def objects_of(head: Token) -> list[Token]:
    """What a verb or noun acts on: object, passive subject, the noun of a participle, "attack on X"; with conjuncts."""
    direct = [t for t in head.children if t.dep_ in ("dobj", "nsubjpass") and t.lower_ != "dead"]
    related = head.dep_ == "relcl"  # "drones that were shot down"
    found = [head.head if related and t.tag_ in ("WDT", "WP") else t for t in direct]
    if not found and head.dep_ in ("acl", "amod") and head.tag_ == "VBN":
        found = [head.head]
    if not found and head.tag_ in ("VBN", "VBD") and not any(t.dep_ in ("aux", "auxpass") for t in head.children):
        found = [t for t in head.children if t.dep_ == "nsubj"]  # headlines: "Two shot in Dori"
    for preposition in (t for t in head.children if t.dep_ == "prep" and t.lower_ in RECIPIENTS):
        found += [t for t in preposition.children if t.dep_ == "pobj" and t.lower_ not in TIMES]
    return [t for token in found for t in (token, *token.conjuncts)]


def _next_word(doc: Doc, last: int) -> str:
    follows = last + 1
    if follows < len(doc) and doc[follows].lower_ in ("-", "–"):
        follows += 1
    return doc[follows].lower_ if follows < len(doc) else ""


def _definite(head: Token) -> bool:
    return any(t.dep_ in ("det", "poss") and t.lower_ in DEFINITE for t in head.children)


def _words(doc: Doc) -> frozenset[str]:
    return frozenset(w for t in doc for w in (t.lower_, t.lemma_.lower()))


def with_type(trigger: Trigger, event_type: EventType, rule: str) -> Trigger:
    """The trigger with its type settled by `rule`."""
    return replace(trigger, event_type=event_type, rule=f"{trigger.rule}>{rule}")


def sequence(triggers: Sequence[Trigger]) -> dict[int, list[Trigger]]:
    """Triggers by sentence index."""
    found: dict[int, list[Trigger]] = {}
    for trigger in triggers:
        found.setdefault(trigger.sentence, []).append(trigger)
    return found
