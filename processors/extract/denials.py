"""Who denies what of a deed: by a verb of denying, by calling a report untrue, or by stating that nothing of it
happened.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal

import msgspec

from processors.extract.analysis import Analysis, Sentence
from processors.extract.claims import Attribution, attributions
from processors.extract.entries import apart, listed
from processors.extract.speakers import Speaker, SpeakerKind, lexicon
from processors.model import Span

Denied = Literal["occurrence", "perpetrator", "killed", "injured"]
NEAR = 3  # sentences after the last one on an incident in which a denial still means it
HEDGED = re.compile(r"\b(?:if|whether|unless|would|not clear)\b", re.I)
FIRST_PERSON = re.compile(r"\b(?:we|our)\b", re.I)
WE_DENY = re.compile(r"\bwe (?:\w+ly |firmly |also )?(?:deny|reject|refute|dismiss)(?P<what> [^.;!?]{4,120})", re.I)
INTERESTED: frozenset[SpeakerKind] = frozenset({"party", "military", "police"})


class Denial(msgspec.Struct, frozen=True, kw_only=True):
    """`denied`: what; `words`: the document's words that deny it; `speaker` None where the text itself denies."""

    denied: Denied
    words: Span
    speaker: Speaker | None = None


@cache
def _patterns() -> tuple[tuple[Denied, re.Pattern[str]], ...]:
    words = lexicon().denials
    table: tuple[tuple[Denied, tuple[str, ...]], ...] = (
        ("killed", words.killed), ("perpetrator", words.own), ("occurrence", words.fact),
    )  # fmt: skip
    return tuple((denied, re.compile(rf"\b(?:{'|'.join(patterns)})", re.I)) for denied, patterns in table)


@cache
def _aside() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(lexicon().denials.aside) + r")\b", re.I)


def denials(analysis: Analysis, sentences: Sequence[Sentence], trigger: int) -> Iterator[Denial]:
    """Denials in the sentences that tell an incident and in those just after them. In a round-up only those of the
    entry that holds `trigger`, an offset into the document's text.
    """
    entries = listed(analysis.text)
    for sentence in _around(analysis, sentences, entries):
        denial = _denial(analysis, sentence)
        if denial and not (entries and apart(analysis.text, trigger, denial.words.start)):
            yield denial


@lru_cache(maxsize=512)  # each incident of a document asks again
def _denying_words(text: str) -> tuple[tuple[Denied, re.Match[str]] | None, bool]:
    """What the words of a sentence deny, with these words, and whether a verb of denying is among them."""
    hit = next(((denied, m) for denied, pattern in _patterns() if (m := pattern.search(text))), None)
    return hit, VERBS.search(text) is not None


def _around(analysis: Analysis, sentences: Sequence[Sentence], entries: bool) -> list[Sentence]:
    own = {s.index for s in sentences}
    title = {s.index for s in analysis.sentences if s.kind == "title"} if own and min(own) <= 2 else set()
    after = {i + step for i in own for step in range(1, NEAR + 1)} if not entries else set()
    return [s for s in analysis.sentences if s.index in own | after | title]


def _denial(analysis: Analysis, sentence: Sentence) -> Denial | None:
    """The denial of a sentence: its words decide, then the verb of the one who speaks."""
    hit, verb = _denying_words(sentence.read)
    if hit is None and not verb:
        return None
    analysis.parse([sentence])
    said = attributions(analysis, sentence)
    verbal = next((a for a in said if a.stance == "denies" and not _beside_the_point(analysis, a)), None)
    if hit is not None and not HEDGED.search(sentence.read[: hit[1].start()][-40:]):
        denied, match = hit
        speaker = verbal.speaker if verbal else next((a.speaker for a in said), None)
        if denied == "perpetrator" and speaker is None and not FIRST_PERSON.search(match[0]):
            return None
        return Denial(denied=denied, words=sentence.cut(match.start(), match.end()), speaker=speaker)
    return _of_verb(analysis, verbal, said) if verbal else _of_ourselves(sentence)


def _of_ourselves(sentence: Sentence) -> Denial | None:
    """A side that denies in its own post: "we deny the accusations"."""
    match = WE_DENY.search(sentence.read)
    if match is None:
        return None
    part = _complements()[2].search(match["what"]) or _complements()[4].search(match["what"])
    words = sentence.cut(match.start(), match.start("what"))
    return Denial(denied="perpetrator" if part else "occurrence", words=words)


def denying_words(analysis: Analysis, trigger: Span) -> Span | None:
    """The words of the trigger's sentence that deny it, the nearest to it; None where there are none."""
    sentence = analysis.sentence_at(trigger.start)
    if sentence is None:
        return None
    found = [sentence.cut(*m.span()) for pattern in (VERBS, NEGATIONS) for m in pattern.finditer(sentence.read)]
    return min(found, key=lambda s: abs(s.start - trigger.start), default=None)


NEGATIONS = re.compile(
    r"\b(?:no|not|never|nothing|nobody|none|neither|nor|without|false\w*|fake\w*|untrue|hoax\w*|baseless|unfounded|fabricat\w+"
    r"|disinformation|misinformation|incorrect|wrong\w*|correction|retract\w*|withdr[ae]w\w*|ruled? out|denials?|rumou?rs?|lies?)\b"
    r"|n['’]t\b",
    re.I,
)
VERBS = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject\w*|dismiss\w*|refut\w+|disput\w+|rebut\w*|debunk\w*|disown\w*|contradict\w*)\b",
    re.I,
)


def _of_verb(analysis: Analysis, said: Attribution, others: Sequence[Attribution]) -> Denial:
    """What the verb of denying governs, up to where somebody else begins to speak."""
    inside = (min(a.start, a.cue.start) for a in others if a.start > said.start and a.cue.start > said.cue.start)
    words = " ".join(analysis.text[said.start : min(inside, default=said.end)].split())
    return Denial(denied=_complement(words, said.speaker), words=said.cue, speaker=said.speaker)


def _complement(words: str, speaker: Speaker) -> Denied:
    """What is denied by the clause or object of the verb: losses, a deed of one's own, or that it happened at all."""
    dead, hurt, part, deeds, blame = _complements()
    if hurt.search(words):
        return "injured"
    if dead.search(words):
        return "killed"
    interested = speaker.party is not None or speaker.kind in INTERESTED
    own = part.search(words) or (interested and deeds.search(words))
    return "perpetrator" if own or (speaker.party and (len(words) < 4 or blame.search(words))) else "occurrence"


@cache
def _complements() -> tuple[re.Pattern[str], ...]:
    words = lexicon().denials
    return tuple(re.compile("|".join(p), re.I) for p in (words.dead, words.hurt, words.part, words.deeds, words.blame))


def _beside_the_point(analysis: Analysis, said: Attribution) -> bool:
    after = analysis.text[said.cue.end : said.cue.end + 60].split(".")[0]
    if said.speaker.kind in {"locals", "witness"}:
        return True  # they dispute how it went, not that it did
    return _aside().search(after) is not None
