"""The values of a mention as claims: who says it, with which stance, in which words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from processors.extract.analysis import Analysis, Sentence
from processors.extract.claims import Attribution, attributions
from processors.extract.denials import INTERESTED, Denial, denials, denying_words
from processors.extract.speakers import Speaker, SpeakerKind
from processors.model import Claim, Count, EventType, Mention, Modality, SourceTraits, Span, Stance

QUOTE = 160  # characters up to which a quote grows to whole clauses
BREAKS = ",;:—–\n"
TOLLS = frozenset({"killed", "injured", "attackers_killed"})
INFORMED: frozenset[SpeakerKind] = frozenset(
    {"official", "police", "military", "medics", "monitor", "locals", "witness"}
)
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
    claims = [
        _claim(analysis, value, _covering(said, value) or _inherited(analysis, said, value), traits) for value in found
    ]
    claims += _denials(analysis, mention, sentences)
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
    """The narrowest attribution whose stretch holds the value. Who denies something does not say it."""
    around = [
        a
        for found in said.values()
        for a in found
        if a.start <= value.start and value.end <= a.end and a.stance != "denies"
    ]
    return min(around, key=lambda a: a.end - a.start, default=None)


def _inherited(analysis: Analysis, said: dict[int, list[Attribution]], value: Value) -> Attribution | None:
    """A figure in the headline is the one that the report's first speaker gives; one in a sentence that follows a
    speaker's, in the same paragraph, goes on with what he said.
    """
    if value.slot not in TOLLS:
        return None
    at = analysis.sentence_at(value.start)
    if at is None:
        return None
    if at.kind == "title":
        return next((a for i in sorted(said) if i != at.index for a in said[i] if _bears(a)), None)
    before = analysis.sentences[at.index - 1] if at.index else None
    if before is None or before.paragraph != at.paragraph or before.kind == "title":
        return None
    return next((a for a in said.get(before.index, ()) if _bears(a)), None)


def _bears(attribution: Attribution) -> bool:
    """Whether these are words of somebody who gives figures, not of one who denies or doubts them."""
    return attribution.stance in {"reports", "confirms"} and attribution.speaker.kind in INFORMED


def _claim(analysis: Analysis, value: Value, attribution: Attribution | None, traits: SourceTraits | None) -> Claim:
    speaker = attribution.speaker if attribution else None
    own = traits.interested if traits and not speaker else None
    start, end = quote_around(analysis.text, value.start, value.end)
    return Claim(
        slot=value.slot,
        value=value.value,
        stance=value.stance or _stance(value, attribution, own),
        by=_by(analysis, value, speaker, own),
        anonymous=bool(speaker and speaker.anonymous),
        quote=analysis.text[start:end],
        start=start,
        end=end,
    )


def _by(analysis: Analysis, value: Value, speaker: Speaker | None, own: str | None) -> str:
    """Who is behind a value. Who claims a deed says so of itself, whoever passes it on."""
    if value.slot == "perpetrator" and value.stance == "claims":
        return str(value.value)
    return speaker.by if speaker else own or analysis.document.item.source_id


def _stance(value: Value, attribution: Attribution | None, own: str | None) -> Stance:
    """A body responsible confirms tolls, an interested party claims, everybody else reports."""
    if attribution is None:
        return "claims" if own else "reports"
    speaker, stance = attribution.speaker, attribution.stance
    if stance == "suspects":
        return stance
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
    """The clauses around a value: from break to break, never more than `QUOTE` characters, never less than
    the value.
    """
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


def _denials(analysis: Analysis, mention: Mention, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """What is denied of the mention; a mention that is told only to be denied is denied itself."""
    found = list(denials(analysis, sentences, mention.trigger.start))
    for denial in found:
        if (
            denial.denied != "perpetrator" or mention.event_type is not EventType.PROTEST
        ):  # what police did there is another deed
            yield _denial_claim(analysis, mention, denial)
    if mention.modality is Modality.DENIED and not found:
        said = [a for s in sentences if s.doc is not None for a in attributions(analysis, s)]
        speaker = next((a.speaker for a in said if a.start <= mention.trigger.start < a.end), None)
        if words := denying_words(analysis, mention.trigger):
            yield _denial_claim(analysis, mention, Denial(denied="occurrence", words=words, speaker=speaker))


def _denial_claim(analysis: Analysis, mention: Mention, denial: Denial) -> Claim:
    start, end = quote_around(analysis.text, denial.words.start, denial.words.end)
    speaker = denial.speaker
    blamed = next((p.name or p.text for p in mention.perpetrators), None)
    itself = (speaker.party or (speaker.by if speaker.kind in INTERESTED else None)) if speaker else None
    value = {
        "killed": "civilians" if "civilian" in analysis.text[start:end].lower() else "casualties",
        "injured": "casualties",
        "perpetrator": itself or blamed or mention.event_type.value,
        "occurrence": mention.event_type.value,
    }[denial.denied]
    return Claim(
        slot=denial.denied,
        value=value,
        stance="denies",
        by=speaker.by if speaker else analysis.document.item.source_id,
        anonymous=bool(speaker and speaker.anonymous),
        quote=analysis.text[start:end],
        start=start,
        end=end,
    )
