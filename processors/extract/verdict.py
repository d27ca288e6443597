"""Is a text, once its triggers are judged, news of an incident at all?

A logistic regression over a few dozen figures: how many triggers stand as actual, where and how telling they are, how
the text reports (days, speakers, harm) and which kind of text its words make likely; with an encoder, also which kind its
meaning does. Trained on the project's own texts by tools/train/verdict_model.py, once with and once without an encoder.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import msgspec

from processors.extract.analysis import Analysis, per_document
from processors.extract.case import restore
from processors.extract.document_kind import Kind, kind_of, kind_of_meaning, log_odds
from processors.extract.events import Trigger, find_triggers
from processors.extract.trigger_modality import Judgement, judge_alone
from processors.extract.triggers import lower
from processors.lexicon.load import load
from processors.model import Modality

LEAD = 2  # index of the last sentence that counts as the beginning
PER = 30  # words for which a word list's hits are counted
SHORT = 100  # words; the longer a text beyond these, the less its kind says of each event in it, and the lower the bar
LEAST = 12  # words; shorter texts count as so long


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """verdict.toml: `threshold` of the probability by profile; below `sure_not` and above `sure` the light profile's word is
    final; `words` by name of the list.
    """

    sure_not: float
    sure: float
    threshold: dict[str, float]
    words: dict[str, tuple[str, ...]]


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """verdict_light.toml, verdict_default.toml: mean, spread and weight by figure."""

    bias: float
    mean: dict[str, float]
    spread: dict[str, float]
    weight: dict[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`news`: whether events that rules find actual may stand; `kind`: the likeliest kind of noise otherwise."""

    news: bool
    probability: float
    kind: str


@per_document
def verdict_of(analysis: Analysis) -> Verdict:
    """The verdict on a document. Parses the sentences that hold triggers; where words leave doubt and there is an encoder,
    the text's meaning decides.
    """
    kinds = {"words": kind_of(analysis.document)}
    judged = [(t, judge_alone(analysis, t)) for t in find_triggers(analysis)]
    seen = figures(analysis, judged)
    settings, profile = _settings(), "light"
    probability = _probability(seen, kinds, profile)
    if analysis.encode and settings.sure_not <= probability <= settings.sure:
        profile, kinds = "default", kinds | {"meaning": kind_of_meaning(analysis.encode(restore(analysis.text)))}
        probability = _probability(seen, kinds, profile)
    bar = settings.threshold[profile] * min(1.0, SHORT / max(1, len(analysis.text.split())))
    return Verdict(probability >= bar, probability, _likeliest_noise(kinds))


def figures(analysis: Analysis, judged: list[tuple[Trigger, Judgement]]) -> dict[str, float]:
    """What the regression sees of a text but its kinds, by name."""
    return dict(_of_triggers(analysis, judged)) | dict(_of_text(analysis))


def kind_figures(kinds: Mapping[str, Kind]) -> dict[str, float]:
    """What it sees of the kinds that a text has by its words and its meaning."""
    return {f"{by}_{name}": value for by, kind in kinds.items() for name, value in log_odds(kind).items()}


def _probability(seen: Mapping[str, float], kinds: Mapping[str, Kind], profile: str) -> float:
    weights = _weights(profile)
    score = weights.bias
    for name, value in {**seen, **kind_figures(kinds)}.items():
        if name in weights.weight:
            score += weights.weight[name] * (value - weights.mean[name]) / weights.spread[name]
    return 1 / (1 + math.exp(-score))


def _likeliest_noise(kinds: Mapping[str, Kind]) -> str:
    odds = [log_odds(kind) for kind in kinds.values()]
    return max((name for name in odds[0] if name != "actual"), key=lambda name: sum(each[name] for each in odds))


def _of_triggers(analysis: Analysis, judged: list[tuple[Trigger, Judgement]]) -> Iterator[tuple[str, float]]:
    words = max(LEAST, len(analysis.text.split()))
    actual = [t for t, j in judged if j.modality is Modality.ACTUAL]
    telling = [t for t in actual if not t.generic or t.rule.endswith(">method")]
    others = Counter(j.modality for _, j in judged)
    yield "number", min(len(actual), 6)
    yield "strongest", max((t.strength for t in actual), default=0)
    yield "density", sum(t.strength for t in actual) / (words / PER)
    yield "strongest_lead", max((t.strength for t in actual if t.sentence <= LEAD), default=0)
    yield "telling", min(len(telling), 4)
    yield "any_telling", bool(telling)
    yield "title", any(t.sentence == 0 for t in actual)
    yield "types", len({t.event_type for t in actual})
    yield "not_actual", (len(judged) - len(actual)) / (1 + len(judged))
    for modality in Modality:
        if modality is not Modality.ACTUAL:
            yield f"number_{modality.value}", min(others[modality], 3)
    yield "number_no_event", min(others[None], 3)


def _of_text(analysis: Analysis) -> Iterator[tuple[str, float]]:
    text = analysis.text
    length = max(LEAST, len(text.split()))
    lowered = lower(text)
    for name, regex in _lists().items():
        found = len(regex.findall(lowered))
        yield f"list_{name}", found / (length / PER)
        yield f"any_{name}", bool(found)
    yield "questions", text.count("?") / (length / PER)
    yield "exclamations", text.count("!") / (length / PER)
    yield "quotes", '"' in text or "“" in text


@cache
def _settings() -> Settings:
    return load("verdict", Settings)


@cache
def _weights(profile: str) -> Weights:
    return load(f"verdict_{profile}", Weights)


@cache
def _lists() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{'|'.join(words)})\b") for name, words in _settings().words.items()}
