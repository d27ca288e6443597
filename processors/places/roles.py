"""Which of a document's places is where it happened, and which where it came from?

Each place name is judged where it stands: by the word before it, by the parse (does it hang on the trigger?), by how far it is from
the trigger. Speakers' towns, organisations' names and datelines are not where it happened; a town of the title or the dateline is a
last resort where nothing else is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from processors.extract.analysis import Analysis, Sentence
from processors.model import EventType, Place, Role
from processors.places.records import Kind
from processors.places.situation import Situation, situate
from processors.places.toponyms import Toponym

LEAST = 0.0  # score of a target in the trigger's own sentence
LEAST_ELSEWHERE = 1.5  # of one in another sentence of the incident
ORDER = {"exact": 0, "locality": 1, "admin1": 2, "country": 3}


@dataclass(frozen=True, slots=True)
class Judged:
    """A toponym with its part in the incident, and how well it fits that part."""

    toponym: Toponym
    role: Role
    score: float


def assign_roles(
    analysis: Analysis, trigger_sentence: Sentence, trigger_start: int, trigger_end: int, event_type: EventType,
    toponyms: Sequence[Toponym], related_sentences: Sequence[Sentence],
) -> list[Place]:  # fmt: skip
    """The incident's places, targets first and the most precise of them first.

    `trigger_start` and `trigger_end` are offsets into the document's text; `related_sentences` are the other sentences that tell the
    same incident. Without them only the trigger's sentence is read, with the title and the dateline as last resort.
    """
    own = _judge(analysis, trigger_sentence, toponyms, trigger_start, trigger_end)
    judged = list(own)
    for sentence in related_sentences:
        if sentence is not trigger_sentence:
            judged += _judge(analysis, sentence, toponyms, None, None)
    targets = _targets(own, judged[len(own) :]) or _last_resort(analysis, toponyms, trigger_sentence)
    others = [j for j in judged if j.role in ("origin", "transit") and not _same_as_any(j.toponym, targets)]
    told = {id(t) for t in targets} | {id(j.toponym) for j in others}
    mentioned = [j.toponym for j in own if id(j.toponym) not in told and not j.toponym.adjective]
    places = [t.as_place("target") for t in targets] + [j.toponym.as_place(j.role) for j in _distinct(others)]
    return places + [t.as_place("mentioned") for t in mentioned]


def _judge(
    analysis: Analysis, sentence: Sentence, toponyms: Sequence[Toponym], start: int | None, end: int | None
) -> list[Judged]:
    inside = [t for t in toponyms if sentence.start <= t.start < sentence.end]
    return [judge(t, situate(sentence, t, inside, start, end)) for t in inside]


def judge(toponym: Toponym, situation: Situation) -> Judged:
    """A toponym's part by what stands around it."""
    if toponym.adjective or situation.organisation or toponym.lat is None:
        return Judged(toponym, "mentioned", -5.0)
    if situation.origin:
        return Judged(toponym, "origin", 2.0)
    if situation.through:
        return Judged(toponym, "transit", 1.0)
    score = 0.0
    score += 2.5 * situation.located + 1.5 * situation.toward + 2.0 * situation.struck + 1.0 * situation.of_trigger
    score += 1.5 * situation.hangs_on_trigger + 0.8 * (toponym.relation is not None)
    score -= 4.0 * situation.bound + 3.0 * situation.speaker + 2.5 * situation.contains + 1.5 * situation.actor
    score -= min(2.5, situation.distance / 12)
    score -= {"country": 1.0, "admin1": 0.3}.get(toponym.precision, 0.0)
    return Judged(toponym, "target" if score > LEAST else "mentioned", score)


def _targets(own: Sequence[Judged], related: Sequence[Judged]) -> list[Toponym]:
    """The trigger's own targets; where these are only areas, a town that the other sentences put into one of them first."""
    first = sorted((j for j in own if j.role == "target"), key=lambda j: -j.score)
    elsewhere = [j for j in related if j.role == "target" and j.score >= LEAST_ELSEWHERE]
    if not first:
        first = sorted(elsewhere, key=lambda j: (ORDER[j.toponym.precision], -j.score))[:1]
    elif all(ORDER[j.toponym.precision] >= ORDER["admin1"] for j in first):
        within = [j for j in elsewhere if any(_lies_in(j.toponym, area.toponym) for area in first)]
        first = [*sorted(within, key=lambda j: -j.score)[:1], *first]
    best = max((j.score for j in first if _is_point(j.toponym)), default=None)
    kept = [j.toponym for j in first if best is None or not _is_point(j.toponym) or j.score > best - 2.0]
    kept = _distinct_places(sorted(kept, key=lambda t: ORDER[t.precision]))
    return [t for t in kept if not any(_lies_in(other, t) for other in kept if other is not t)] or kept


def _is_point(toponym: Toponym) -> bool:
    return ORDER[toponym.precision] <= ORDER["locality"]


def _lies_in(inner: Toponym, area: Toponym) -> bool:
    """Is `area` an area, told by name, that `inner` lies in?"""
    if not _is_point(inner) and ORDER[inner.precision] >= ORDER[area.precision] or _is_point(area):
        return False
    if area.kind is Kind.COUNTRY:
        return inner.country == area.country
    return inner.country == area.country and (inner.admin1 == area.admin1 or area.kind is Kind.REGION)


def _distinct_places(toponyms: Sequence[Toponym]) -> list[Toponym]:
    found: dict[tuple[float | None, float | None], Toponym] = {}
    for toponym in toponyms:
        found.setdefault((toponym.lat, toponym.lon), toponym)
    return list(found.values())


def _distinct(judged: Sequence[Judged]) -> list[Judged]:
    found: dict[tuple[float | None, float | None], Judged] = {}
    for j in judged:
        found.setdefault((j.toponym.lat, j.toponym.lon), j)
    return list(found.values())


def _same_as_any(toponym: Toponym, others: Sequence[Toponym]) -> bool:
    return any((toponym.lat, toponym.lon) == (other.lat, other.lon) for other in others)


def _last_resort(analysis: Analysis, toponyms: Sequence[Toponym], trigger_sentence: Sentence) -> list[Toponym]:
    """The title's place, else the one that the text names most before and around the trigger, else the dateline's."""
    usable = [t for t in toponyms if not t.adjective and t.lat is not None]
    titles = [s for s in analysis.sentences if s.kind == "title"]
    for sentence in titles:
        judged = _judge(analysis, sentence, usable, None, None)
        if best := max((j for j in judged if j.role == "target"), key=lambda j: j.score, default=None):
            return [best.toponym]
    earlier = [s for s in analysis.sentences if s.index < trigger_sentence.index][-2:]
    for sentence in reversed(earlier):
        judged = _judge(analysis, sentence, usable, None, None)
        if best := max((j for j in judged if j.role == "target" and j.score > 1), key=lambda j: j.score, default=None):
            return [best.toponym]
    dateline = next((t for t in usable if t.start - _body_start(analysis) < 3), None)
    return [dateline] if dateline is not None else []


def _body_start(analysis: Analysis) -> int:
    return next((s.start for s in analysis.sentences if s.kind == "body"), 0)
