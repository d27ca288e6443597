"""Which rule or model said what of a text: for `annotate --explain`."""

from collections.abc import Iterator, Sequence

from processors.extract.analysis import Analysis
from processors.extract.events import Trigger, find_triggers
from processors.extract.modality import judge
from processors.extract.verdict import verdict_of
from processors.gate import Decision
from processors.model import Actor, Claim, Count, Mention, Modality, Place, Weapon, When


def explained(analysis: Analysis, gate: Decision, mentions: Sequence[Mention]) -> str:
    """The way of a text through the stages, in lines: gate, verdict, each trigger with its judgement, each mention with
    the words behind each value.
    """
    lines = [f"gate: {'passed' if gate.passed else 'stopped'}, {gate.reason} {' '.join(gate.triggers)}".rstrip()]
    if gate.passed:
        lines += _judged(analysis)
    for number, mention in enumerate(mentions):
        lines += [f"mention {number}: {_head(mention)}", *(f"  {line}" for line in _values(mention))]
    return "\n".join(lines if mentions else [*lines, "no mention"])


def _judged(analysis: Analysis) -> Iterator[str]:
    triggers = find_triggers(analysis)
    if not triggers:
        yield "triggers: none that the parse bears out and that is strong enough to found an incident"
        return
    verdict = verdict_of(analysis)
    likest = "" if verdict.news else f"; likest {verdict.kind}: what rules find actual does not stand"
    yield f"verdict: {'news' if verdict.news else 'no news'}, probability {verdict.probability:.2f}{likest}"
    yield from (_trigger(analysis, trigger) for trigger in triggers)


def _trigger(analysis: Analysis, trigger: Trigger) -> str:
    judgement = judge(analysis, trigger)
    modality = judgement.modality.value if judgement.modality else "no event"
    cue = f" (“{judgement.cue.text}”)" if judgement.cue else ""
    by = f"by {judgement.rule}{cue}" if judgement.rule else "as nothing speaks against it"
    reference = ", refers to what was told" if trigger.anaphoric else ""
    return (
        f"trigger “{trigger.text}” {trigger.start}–{trigger.end}: {trigger.event_type.value} by {trigger.rule}, "
        f"strength {trigger.strength:.2f}{reference}; {modality} {by}"
    )


def _head(mention: Mention) -> str:
    answer = "" if mention.response_to is None else f", in answer to mention {mention.response_to}"
    modality = "" if mention.modality is Modality.ACTUAL else f" {mention.modality.value}"
    after = ", follows up what others tell" if mention.follow_up else ""
    return f"{mention.event_type.value}{modality}, confidence {mention.confidence:.2f}{answer}{after}"


def _values(mention: Mention) -> Iterator[str]:
    if mention.when:
        yield f"when {_time(mention.when)}"
    yield from (f"place {place.role} {_place(place)}" for place in mention.places)
    for slot in ("perpetrators", "targets", "victims"):
        yield from (f"{slot.removesuffix('s')} {_actor(actor)}" for actor in getattr(mention, slot))
    yield from (f"weapon {_weapon(weapon)}" for weapon in mention.weapons)
    for slot in ("killed", "injured", "attackers_killed"):
        if count := getattr(mention, slot):
            yield f"{slot} {_count(count)}"
    if mention.outcome != "unknown":
        yield f"outcome {mention.outcome}"
    yield from map(_claim, mention.claims)


def _time(when: When) -> str:
    words = f", from “{when.text}”" if when.text else ", from the date of publication"
    return f"{when.local_date or ''} {when.start:%d %b %Y %H:%M}–{when.end:%d %b %H:%M} UTC ({when.precision}){words}"


def _place(place: Place) -> str:
    name = ", ".join(filter(None, (place.name, place.admin1, place.country))) or "in no gazetteer"
    return f"{name} ({place.precision}), from “{place.text}” {place.start}–{place.end}"


def _actor(actor: Actor) -> str:
    certainty = f", {actor.certainty}" if actor.certainty else ""
    return f"{actor.name or actor.text} ({actor.kind}{certainty}), from “{actor.text}”{_at(actor.start, actor.end)}"


def _weapon(weapon: Weapon) -> str:
    count = f", {_count(weapon.count)}" if weapon.count else ""
    return f"{weapon.type}{count}, from “{weapon.text}”{_at(weapon.start, weapon.end)}"


def _count(count: Count) -> str:
    least, most = ("?" if bound is None else str(bound) for bound in (count.min, count.max))
    number = least if least == most else f"{least} to {most}"
    return f"{number}, from “{count.text}”{_at(count.start, count.end)}" if count.text else number


def _claim(claim: Claim) -> str:
    unnamed = " (unnamed)" if claim.anonymous else ""
    return f"claim {claim.slot}: {claim.by}{unnamed} {claim.stance} {claim.value!r}: “{claim.quote}”"


def _at(start: int | None, end: int | None) -> str:
    return "" if start is None else f" {start}–{end}"
