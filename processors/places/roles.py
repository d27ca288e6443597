"""Which of a document's places is where it happened, and which where it came from?

Each place name is judged where it stands: by the word before it, by the parse (does it hang on the trigger?), by how far it is from
the trigger. Speakers' towns, organisations' names and datelines are not where it happened; a town of the title or the dateline is a
last resort where nothing else is told.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from processors.extract.analysis import Analysis, Sentence
from processors.geo import km
from processors.model import EventType, Place, Role
from processors.places import lexicon
from processors.places.datelines import datelines
from processors.places.keys import key
from processors.places.quarters import STATED, SURE, descriptions, fits, inside, quarters, somewhere
from processors.places.records import Kind
from processors.places.situation import Situation, situate
from processors.places.toponyms import ORDER, Toponym, is_point

LEAST = 0.0  # score of a target in the trigger's own sentence
LEAST_ELSEWHERE = 1.5  # of one in another sentence of the incident
LEAST_LIKELY = 0.08  # a name that means its place with less is none
OFTEN = 0.35  # of a town that is named more than once
LOCAL = 0.25  # of the town whose police deal with it
BEHIND = 2.0  # a further target scores at most so much less than the best
RENOWN = 50_000  # people of a town that a dateline means, whatever else bears its name
METROPOLIS = 1_000_000  # people of a town that reports come from which are not of the town
_COMPASS = re.compile(r"\b(?:north|south|east|west|central)(?:-?(?:east|west))?(?:ern)? $", re.I)
_VILLAGE_OF = re.compile(r"\b(?:village|town|hamlet|locality|settlement|commune) of (?:the )?$", re.I)
_VILLAGE = re.compile(r" (?:village|town|hamlet|locality|settlement|commune)\b", re.I)
HEADING_WORDS = 8  # a fragment so short before the trigger's sentence is a heading: its place is that of what follows


@dataclass(frozen=True, slots=True)
class Judged:
    """A toponym with its part in the incident, and how well it fits that part. `firm`: a word or the parse says so;
    `local`: it names the body that deals with the incident ("X police")."""

    toponym: Toponym
    role: Role
    score: float
    firm: bool = False
    local: bool = False


class _Reader:
    """Judges the toponyms of one document, sentence by sentence."""

    def __init__(self, analysis: Analysis, toponyms: Sequence[Toponym]) -> None:
        self.analysis, self.toponyms = analysis, toponyms
        self.datelines = datelines(analysis, toponyms)

    def read(self, sentence: Sentence, start: int | None = None, end: int | None = None) -> list[Judged]:
        """The sentence's toponyms; with the trigger's offsets where it stands in this sentence."""
        inside = tuple(t for t in self.toponyms if sentence.start <= t.start < sentence.end)
        datelines = tuple(t.start for t in inside if t.start in self.datelines)
        key = (_Reader, sentence.index, sentence.doc is not None, start, end, inside, datelines)
        memo: dict[tuple[Any, ...], list[Judged]] = self.analysis.memo  # each incident of a document asks again
        if key not in memo:
            memo[key] = [
                Judged(t, "mentioned", -5.0)
                if t.start in datelines
                else judge(t, situate(sentence, t, inside, start, end))
                for t in inside
            ]
        return memo[key]

    def _heads(self, toponym: Toponym) -> bool:
        """Is it all that stands before a colon: "#Harrow: two dead"?"""
        text, sentence = self.analysis.text, self.analysis.sentence_at(toponym.start)
        before = text[sentence.start : toponym.start] if sentence is not None else "-"
        return text[toponym.end : toponym.end + 1] == ":" and not any(c.isalnum() for c in before)

    def home(self, judged: Sequence[Judged]) -> Toponym | None:
        """Where the report is from: the dateline's town, that of the police who deal with it, the one named most."""
        known = [t for t in self.toponyms if t.lat is not None and not t.adjective]
        points = [t for t in known if t.score >= LEAST_LIKELY]
        datelines = [t for t in known if t.start in self.datelines and (t in points or _well_known(t))]
        datelines.sort(key=lambda t: not is_point(t))
        datelines = [t for t in datelines if t.precision != "country"]
        datelines += [t for t in points if is_point(t) and self._heads(t)]
        local = [j.toponym for j in judged if j.local and j.toponym.lat is not None]
        towns = [t for t in points if is_point(t) and t.score >= OFTEN]
        count = Counter((t.lat, t.lon) for t in towns)
        title_end = self.analysis.document.title_end
        often = [t for t in towns if count[t.lat, t.lon] > 1 or (t.start < title_end and t.score >= SURE)]
        most = sorted(often, key=lambda t: (-count[t.lat, t.lon], t.start))
        return next(iter([*datelines, *local, *most]), None)


def assign_roles(
    analysis: Analysis, trigger_sentence: Sentence, trigger_start: int, trigger_end: int, event_type: EventType,
    toponyms: Sequence[Toponym], related_sentences: Sequence[Sentence],
) -> list[Place]:  # fmt: skip
    """The incident's places, targets first and the most precise of them first.

    `trigger_start` and `trigger_end` are offsets into the document's text; `related_sentences` are the other sentences
    that tell the same incident. Where none of them says where, the title, a heading before and the dateline are asked.
    """
    reader = _Reader(analysis, toponyms)
    own = reader.read(trigger_sentence, trigger_start, trigger_end)
    related = [j for s in related_sentences if s is not trigger_sentence for j in reader.read(s)]
    home = reader.home([*own, *related, *(j for s in analysis.sentences[:3] for j in reader.read(s))])
    own, related = (_with_quarters(analysis.text, judged, home) for judged in (own, related))
    targets = _targets(analysis.text, own, related, home) or _last_resort(reader, trigger_sentence, own, home)
    others = [
        j for j in [*own, *related]
        if j.role in ("origin", "transit") and not _same_as_any(j.toponym, targets)
        and (j.role != "origin" or event_type in LAUNCHED)
    ]  # fmt: skip
    told = {t.start for t in targets} | {j.toponym.start for j in others}
    mentioned = [j.toponym for j in own if j.toponym.start not in told and not j.toponym.adjective]
    places = [t.as_place("target") for t in targets] + [j.toponym.as_place(j.role) for j in _distinct(others)]
    return places + [t.as_place("mentioned") for t in mentioned]


LAUNCHED = frozenset(
    {EventType.AIRSTRIKE, EventType.DRONE_STRIKE, EventType.MISSILE, EventType.EXPLOSION, EventType.ARMED_CLASH,
     EventType.RAID, EventType.BOMBING, EventType.SHOOTING, EventType.ACCIDENT}
)  # fmt: skip


def judge(toponym: Toponym, situation: Situation) -> Judged:
    """A toponym's part by what stands around it."""
    if situation.street and (is_point(toponym) or toponym.kind is Kind.DISTRICT):
        toponym = replace(toponym, lat=None, lon=None, geonameid=None)
    elif situation.organisation:
        return Judged(toponym, "mentioned", -5.0, local=situation.local and toponym.score >= LOCAL)
    if toponym.adjective or 0 < toponym.score < LEAST_LIKELY:
        return Judged(toponym, "mentioned", -5.0)
    if situation.origin:
        return Judged(toponym, "origin", 2.0)
    if situation.through:
        return Judged(toponym, "transit", 1.0)
    firm = situation.located or situation.toward or situation.struck or situation.of_trigger
    score = (
        1.5 * situation.heading
        + 2.5 * situation.located
        + 1.5 * situation.toward
        + 2.0 * situation.struck
        + 2.0 * situation.of_trigger
    )
    score += 1.5 * situation.hangs_on_trigger + 0.8 * (toponym.relation is not None)
    score -= 4.0 * situation.bound + 3.0 * situation.speaker + 2.5 * situation.contains + 1.5 * situation.actor
    score -= min(2.5, situation.distance / 12)
    score -= {"country": 1.0, "admin1": 0.3}.get(toponym.precision, 0.0)
    firm = firm and not situation.bound and not situation.speaker
    firm = firm and (toponym.lat is not None or situation.sited or situation.street)
    return Judged(toponym, "target" if score > LEAST else "mentioned", score, firm)


def _with_quarters(text: str, judged: Sequence[Judged], home: Toponym | None) -> list[Judged]:
    found = quarters(text, [j.toponym for j in judged], home)
    described = descriptions(text, found)
    return [
        replace(j, toponym=toponym)
        if toponym.start not in described
        else replace(j, toponym=toponym, role="mentioned", firm=False, score=-5.0)
        for j, toponym in zip(judged, found, strict=True)
    ]


def _targets(text: str, own: Sequence[Judged], related: Sequence[Judged], home: Toponym | None) -> list[Toponym]:
    """The trigger's own targets; where these are only areas, a town that the other sentences put into one of them."""
    firm = sorted((j for j in own if j.role == "target" and j.firm), key=lambda j: -j.score)
    first = [j for j in firm if j.toponym.lat is not None and fits(text, j.toponym, home)]
    elsewhere = [j for j in related if j.role == "target" and j.firm and j.score >= LEAST_ELSEWHERE]
    elsewhere = [j for j in elsewhere if j.toponym.lat is not None and fits(text, j.toponym, home)]
    named = [j for j in firm if key(j.toponym.text) not in lexicon.words().stop.words]  # "the South" is no quarter
    if not first and named and home is not None:
        return [_nowhere(text, named[0].toponym, [*own, *related], home) or inside(named[0].toponym, home)]
    if not first:
        first = sorted(elsewhere, key=lambda j: (ORDER[j.toponym.precision], -j.score))[:1]
    elif not any(is_point(j.toponym) for j in first):
        within = [j for j in elsewhere if any(_lies_in(j.toponym, area.toponym) for area in first)]
        first = [*sorted(within, key=lambda j: -j.score)[:1], *first]
    best = max((j.score for j in first if is_point(j.toponym)), default=None)
    near = [j.toponym for j in first if best is None or not is_point(j.toponym) or j.score > best - BEHIND]
    near = [t for t in near if not any(o.relation == "between" and o is not t and _holds(o, t) for o in near)]
    kept = _distinct_places(sorted(near, key=lambda t: ORDER[t.precision]))
    return [t for t in kept if not any(_lies_in(other, t) for other in kept if other is not t)] or kept


def _nowhere(text: str, name: Toponym, judged: Sequence[Judged], home: Toponym) -> Toponym | None:
    """An unknown village of a report from a metropolis lies in the other area told, or somewhere in the country ("western
    Ruritania"); None where nothing says that it is not in the town that the report is from.
    """
    areas = [j.toponym for j in judged if j.role == "target" and j.firm and not is_point(j.toponym)]
    areas = [a for a in areas if a.country == home.country and (a.admin1 != home.admin1 or _is_other_district(a, home))]
    part = next((a for a in areas if a.precision == "country" and _COMPASS.search(text[: a.start])), None)
    area = min((a for a in areas if a.admin1), key=lambda a: ORDER[a.precision], default=part)
    if area is not None:
        return somewhere(name, area)
    if home.population >= METROPOLIS and _is_village(text, name):
        return replace(name, country=home.country)
    return None


def _well_known(town: Toponym) -> bool:
    """Is it a dateline's town where datelines of large ones go without their state?"""
    return town.country in STATED and town.population >= RENOWN


def _is_other_district(area: Toponym, home: Toponym) -> bool:
    """Is it a district that the town does not lie in?"""
    if area.kind is not Kind.DISTRICT or area.lat is None or home.lat is None:
        return False
    return km(area.lat, area.lon or 0.0, home.lat, home.lon or 0.0) > (area.radius_km or 0.0)


def _is_village(text: str, name: Toponym) -> bool:
    """Is it told as a place of its own: "the town of X", "X village"?"""
    return bool(_VILLAGE_OF.search(text[: name.start]) or _VILLAGE.match(text, name.end))


def _holds(phrase: Toponym, name: Toponym) -> bool:
    """Is the name one of those that the phrase is made of: A of "between A and B"?"""
    return phrase.start <= name.start and name.end <= phrase.end


def _lies_in(inner: Toponym, area: Toponym) -> bool:
    """Is `area` an area, told by name, that `inner` lies in?"""
    district = inner.kind is Kind.DISTRICT and area.kind is Kind.PROVINCE
    if is_point(area) or ORDER[inner.precision] >= ORDER[area.precision] and not district:
        return False
    if area.kind is Kind.COUNTRY or area.kind is Kind.REGION:
        return inner.country == area.country
    return inner.country == area.country and inner.admin1 == area.admin1


def _last_resort(
    reader: _Reader, trigger_sentence: Sentence, own: Sequence[Judged], home: Toponym | None
) -> list[Toponym]:
    """A heading's place, the title's, any in the trigger's sentence, the report's own: the first town among them."""
    sentences = reader.analysis.sentences
    before = sentences[trigger_sentence.index - 1] if trigger_sentence.index else None
    asked = [before] if before is not None and _is_heading(before, trigger_sentence) else []
    asked += [s for s in sentences if s.kind == "title" and s is not trigger_sentence]
    found = [_best(reader.read(sentence), -1.5) for sentence in asked] + [_best(own, LEAST)]
    usable = [t for t in found if t is not None and fits(reader.analysis.text, t, home)]
    if not usable and home is None:
        usable = _only_one(reader)
    towns = [t for t in [*usable, home] if t is not None and is_point(t)]
    areas = [t for t in [*usable, home] if t is not None]
    if towns and areas and not is_point(areas[0]) and not _lies_in(towns[0], areas[0]):
        return areas[:1]
    return towns[:1] or areas[:1]


def _only_one(reader: _Reader) -> list[Toponym]:
    """The town where all that the text tells the place of happened; none where there are several."""
    judged = [j for s in reader.analysis.sentences if s.doc is not None for j in reader.read(s)]
    towns = [j.toponym for j in judged if j.firm and j.role == "target" and is_point(j.toponym)]
    points = {(t.lat, t.lon) for t in towns if t.lat is not None and t.score >= LOCAL}
    return towns[:1] if len(points) == 1 and towns[0].lat is not None else []


def _is_heading(sentence: Sentence, next_one: Sentence) -> bool:
    return sentence.paragraph >= next_one.paragraph - 1 and len(sentence.text.split()) <= HEADING_WORDS


def _best(judged: Sequence[Judged], least: float) -> Toponym | None:
    usable = [
        j
        for j in judged
        if j.role in ("target", "transit", "mentioned") and j.score > least and j.toponym.lat is not None
    ]
    best = max(usable, key=lambda j: (j.firm, -ORDER[j.toponym.precision], j.score), default=None)
    return best.toponym if best is not None else None


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
