"""The values of a mention as claims: who says it, with which stance, in which words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from processors.extract.analysis import Analysis, Sentence
from processors.extract.claims import Attribution, attributions
from processors.extract.speakers import SpeakerKind, lexicon
from processors.model import Claim, Count, Mention, SourceTraits, Span, Stance

QUOTE = 160  # characters up to which a quote grows to whole clauses
BREAKS = ",;:—–\n"
RESPONSIBLE: frozenset[SpeakerKind] = frozenset({"official", "police", "military"})


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value and the words it was read from (offsets into the document's text)."""

    slot: str
    value: Any
    start: int
    end: int
    stance: Stance | None = None  # where the words themselves take one


def claims_of(
    analysis: Analysis,
    mention: Mention,
    sentences: Sequence[Sentence],
    values: Iterable[Value] = (),
    outcome: Span | None = None,
    traits: SourceTraits | None = None,
) -> tuple[Claim, ...]:
    """Claims for all values of a half-built mention that have their place in the text, for further `values` (detained,
    participants …), and for what the mention's `sentences` deny. `outcome` are the words behind the outcome.
    """
    said = {s.index: attributions(analysis, s) for s in sentences if s.doc is not None}
    found = [*values_of(mention, outcome), *values]
    claims = [_claim(analysis, value, _covering(said, value), traits) for value in found]
    claims += _denials(analysis, mention, sentences, said)
    return tuple({(c.slot, str(c.value), c.stance, c.by): c for c in reversed(claims)}.values())[::-1]


def values_of(mention: Mention, outcome: Span | None = None) -> Iterator[Value]:
    """The values of a mention that know their words."""
    for slot, count in (
        ("killed", mention.killed),
        ("injured", mention.injured),
        ("attackers_killed", mention.attackers_killed),
    ):
        if count and count.start is not None and count.end is not None:
            yield Value(slot=slot, value=figures(count), start=count.start, end=count.end)
    for perpetrator in mention.perpetrators:
        if perpetrator.start is not None and perpetrator.end is not None and perpetrator.certainty != "denied":
            stance: Stance | None = {"claimed": "claims", "suspected": "suspects"}.get(perpetrator.certainty or "")  # type: ignore[assignment]
            yield Value(
                slot="perpetrator",
                value=perpetrator.name or perpetrator.text,
                start=perpetrator.start,
                end=perpetrator.end,
                stance=stance,
            )
    for target in mention.targets:
        if target.start is not None and target.end is not None:
            yield Value(slot="target", value=target.name or target.text, start=target.start, end=target.end)
    for weapon in mention.weapons:
        if weapon.start is not None and weapon.end is not None:
            yield Value(slot="weapon", value=weapon.type, start=weapon.start, end=weapon.end)
            if weapon.count and (weapon.count.min or weapon.count.max):
                yield Value(
                    slot="munitions",
                    value=figures(weapon.count),
                    start=weapon.count.start or weapon.start,
                    end=weapon.end,
                )
    if outcome and mention.outcome != "unknown":
        yield Value(slot="outcome", value=mention.outcome, start=outcome.start, end=outcome.end)


def figures(count: Count) -> dict[str, int | None]:
    """A count as a claim's value: {"min", "max"}."""
    return {"min": count.min, "max": count.max}


def _covering(said: dict[int, list[Attribution]], value: Value) -> Attribution | None:
    """The narrowest attribution whose stretch holds the value."""
    around = [a for found in said.values() for a in found if a.start <= value.start and value.end <= a.end]
    return min(around, key=lambda a: a.end - a.start, default=None)


def _claim(analysis: Analysis, value: Value, attribution: Attribution | None, traits: SourceTraits | None) -> Claim:
    speaker = attribution.speaker if attribution else None
    own = traits.interested if traits and not speaker else None
    start, end = quote_around(analysis.text, value.start, value.end)
    return Claim(
        slot=value.slot,
        value=value.value,
        stance=value.stance or _stance(value, attribution, own),
        by=speaker.by if speaker else own or analysis.document.item.source_id,
        anonymous=bool(speaker and speaker.anonymous),
        quote=analysis.text[start:end],
        start=start,
        end=end,
    )


def _stance(value: Value, attribution: Attribution | None, own: str | None) -> Stance:
    """A body responsible confirms tolls, an interested party claims, everybody else reports."""
    if attribution is None:
        return "claims" if own else "reports"
    speaker, stance = attribution.speaker, attribution.stance
    if stance in {"denies", "suspects"}:
        return "reports" if stance == "denies" else stance
    if value.slot == "perpetrator":
        return "confirms" if speaker.party and speaker.party == value.value else "claims"
    if speaker.kind == "party" or (
        speaker.kind == "military" and value.slot in {"target", "outcome", "attackers_killed"}
    ):
        return "claims"
    if speaker.kind in RESPONSIBLE:
        return "confirms"
    return "reports" if stance == "confirms" else stance


def quote_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The clauses around a value: from break to break, never more than `QUOTE` characters, never less than the value."""
    first = max((text.rfind(c, 0, start) for c in BREAKS + ".!?"), default=-1) + 1
    last = min((i for c in BREAKS + ".!?" if (i := text.find(c, end)) >= 0), default=len(text))
    if last - first > QUOTE:
        first, last = max(first, start - QUOTE // 3), min(last, end + QUOTE // 3)
        first = text.find(" ", first, start) + 1 or first
        last = cut if (cut := text.rfind(" ", end, last)) > 0 else last
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _denials(
    analysis: Analysis, mention: Mention, sentences: Sequence[Sentence], said: dict[int, list[Attribution]]
) -> Iterator[Claim]:
    for sentence in sentences:
        denied = next((a for a in said.get(sentence.index, ()) if a.stance == "denies"), None)
        cue = _cue(sentence)
        if denied is None and cue is None:
            continue
        speaker = denied.speaker if denied else next((a.speaker for a in said.get(sentence.index, ())), None)
        slot, value = _denied(mention, sentence, speaker.party if speaker else None)
        start, end = (denied.cue.start, denied.cue.end) if denied else (cue or (sentence.start, sentence.end))
        start, end = quote_around(analysis.text, start, end)
        yield Claim(
            slot=slot,
            value=value,
            stance="denies",
            by=speaker.by if speaker else analysis.document.item.source_id,
            anonymous=bool(speaker and speaker.anonymous),
            quote=analysis.text[start:end],
            start=start,
            end=end,
        )


def _cue(sentence: Sentence) -> tuple[int, int] | None:
    lowered = sentence.read.lower()
    for phrase in (*lexicon().denials.occurrence, *lexicon().denials.killed[:4]):
        if (at := lowered.find(phrase)) >= 0 and not lowered[at - 1 : at].isalpha():
            return sentence.start + at, sentence.start + at + len(phrase)
    return None


def _denied(mention: Mention, sentence: Sentence, party: str | None) -> tuple[str, str]:
    """What is denied: that somebody did it, that civilians were killed, or that it happened at all."""
    lowered, words = sentence.read.lower(), lexicon().denials
    if any(w in lowered for w in words.killed):
        return "killed", "civilians"
    if party and any(w in lowered for w in words.perpetrator):
        return "perpetrator", party
    return "occurrence", mention.event_type.value
