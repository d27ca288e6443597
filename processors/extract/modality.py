"""Did it happen, now? Rules judge each trigger; what they find actual must also stand in a text that looks like news.

A text about a film, a match or a court case can hold sentences that no rule tells from a report. So an actual event in
a document that is unlikely to be news of an incident takes the modality of the kind of text that the document is.
"""

from dataclasses import replace

from processors.extract.analysis import Analysis
from processors.extract.events import Trigger, find_triggers, founds
from processors.extract.trigger_modality import CLAIMED, Judgement, judge_alone
from processors.extract.verdict import Verdict, verdict_of
from processors.model import EventType, Modality

__all__ = ["Judgement", "judge"]

CONTESTED = 0.2  # probability of news from which a text that is most like a denial, and denies nothing, is news
RHETORICAL = 0.05  # probability of news below which a threat is a figure of speech
BY_KIND: dict[str, Modality | None] = {
    "exercise": Modality.EXERCISE,
    "historical": Modality.HISTORICAL,
    "hypothetical": Modality.HYPOTHETICAL,
    "planned": Modality.PLANNED,
}


def judge(analysis: Analysis, trigger: Trigger) -> Judgement:
    """The modality of the event that `trigger` tells. Parses what holds triggers."""
    alone = judge_alone(analysis, trigger)
    if alone.modality is not Modality.ACTUAL or alone.rule == CLAIMED or not founds(find_triggers(analysis)):
        return alone
    verdict = verdict_of(analysis)
    if verdict.news or _contested(analysis, verdict) or _threatens(trigger, verdict):
        return alone
    return _as_kind(alone, verdict, _modality_of(analysis, verdict.kind))


def _threatens(trigger: Trigger, verdict: Verdict) -> bool:
    """What is threatened lies ahead; the threat is made now, unless nothing of the text reads like news."""
    ahead = verdict.kind in ("planned", "hypothetical") and verdict.probability >= RHETORICAL
    return trigger.event_type is EventType.THREAT and ahead


def _contested(analysis: Analysis, verdict: Verdict) -> bool:
    """ "One side says so, the other denies it" reads like a denial; but no words deny that anything happened."""
    return verdict.kind == "denied" and verdict.probability >= CONTESTED and not _denied(analysis)


def _modality_of(analysis: Analysis, kind: str) -> Modality | None:
    """The modality that a kind of text gives its events. Nothing is denied but by words: without them it is background."""
    if kind != "denied":
        return BY_KIND.get(kind)
    return Modality.DENIED if _denied(analysis) else Modality.HISTORICAL


def _denied(analysis: Analysis) -> bool:
    return any(judge_alone(analysis, t).modality is Modality.DENIED for t in find_triggers(analysis))


def _as_kind(alone: Judgement, verdict: Verdict, modality: Modality | None) -> Judgement:
    return replace(alone, modality=modality, rule=f"{alone.rule}>{verdict.kind}_text")
