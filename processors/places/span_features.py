"""What tells a place name from other capitalised words? Numbers on each candidate span, in the order of NAMES."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from processors.places import lexicon
from processors.places.habits import NEVER, habits
from processors.places.index import Gazetteer
from processors.places.names import Match
from processors.places.records import Kind
from processors.places.spans import Line, Span

LABELS = ("GPE", "LOC", "FAC", "ORG", "PERSON", "NORP")
DEPENDENCIES = ("pobj", "compound", "nsubj", "nsubjpass", "appos", "poss", "conj", "amod", "dobj", "ROOT", "npadvmod")
LABEL_NAMES = (*(f"label_{x}" for x in LABELS), "label_other", *(f"cover_{x}" for x in LABELS), "cover_other")
GAZETTEER_NAMES = ("known", "how", "population", "candidates", "kind", "names", "own_population", "area_population")
LINE_NAMES = ("parsed", "title_line", "line_words", "line_capitals")
WORD_NAMES = (
    "words", "letters", "capitals", "line_start", "lower", "capital", "person", "place", "organisation",
    "person_most", "lower_least", "organisation_word", "last_unit",
)  # fmt: skip
BESIDE_NAMES = (
    "before_preposition", "before_in", "before_title", "before_capital", "before_comma", "before_the", "before_person",
    "before_place", "after_capital", "after_organisation", "after_speech", "after_comma", "after_comma_capital", "after_hyphen",
    "after_possessive", "after_abbreviation", "after_unit", "after_person", "after_place", "after_organisation_use",
    "before_unit", "before_between",
)  # fmt: skip
OVERLAP_NAMES = ("inside", "inside_known", "holds", "holds_known")
DOCUMENT_NAMES = ("in_text", "as_place", "as_person", "as_organisation", "word_as_person")
SYNTAX_NAMES = (*(f"dep_{x}" for x in DEPENDENCIES), "proper", "adjective")
NAMES = (
    *LABEL_NAMES, *GAZETTEER_NAMES, *LINE_NAMES, *WORD_NAMES, *BESIDE_NAMES, *OVERLAP_NAMES, *DOCUMENT_NAMES, *SYNTAX_NAMES,
)  # fmt: skip


class Context:
    """What the whole document says about its names: how often each stands in it, under which labels."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.spans = Counter(span.text for line in lines for span in line.spans)
        self.labels = Counter((span.text, span.label) for line in lines for span in line.spans if span.label)
        self.persons: Counter[str] = Counter()
        for line in lines:
            for start, end, label in line.entities or ():
                if label == "PERSON":
                    self.persons.update(line.text[start - line.start : end - line.start].split())


def features(line: Line, context: Context, gazetteer: Gazetteer) -> np.ndarray:
    """One row a span of the line, one column a name of NAMES."""
    whole = _line(line)
    rows = [
        (
            *_labels(line, span), *_gazetteer(span.match, gazetteer), *whole, *_words(line, span), *_beside(line, span),
            *_overlaps(line, span), *_document(span, context), *_syntax(line, span),
        )
        for span in line.spans
    ]  # fmt: skip
    return np.array(rows, dtype="f4").reshape(len(rows), len(NAMES))


def _labels(line: Line, span: Span) -> list[float]:
    values = [0.0] * len(LABEL_NAMES)
    if span.label:
        values[LABELS.index(span.label) if span.label in LABELS else len(LABELS)] = 1.0
    for start, end, label in line.entities or ():
        if start <= span.start and span.end <= end and end - start > span.end - span.start + 4:
            values[len(LABELS) + 1 + (LABELS.index(label) if label in LABELS else len(LABELS))] = 1.0
    return values


def _gazetteer(match: Match | None, gazetteer: Gazetteer) -> tuple[float, ...]:
    if match is None:
        return 0.0, -1.0, -1.0, 0.0, -1.0, 0.0, -1.0, -1.0
    columns, rows = gazetteer.columns, match.rows
    kinds, people = columns["kind"][rows], columns["population"][rows]
    own, areas = people[match.primary], people[kinds >= Kind.PROVINCE]
    return (
        1.0, float(match.how), math.log1p(people.max()), math.log1p(len(rows)), float(kinds.max()),
        math.log1p(columns["names"][rows].max()), math.log1p(own.max()) if len(own) else -1.0,
        math.log1p(areas.max()) if len(areas) else -1.0,
    )  # fmt: skip


def _line(line: Line) -> tuple[float, ...]:
    letters = [word.text for word in line.words if word.text[0].isalpha()]
    capitals = sum(word[0].isupper() for word in letters) / max(1, len(letters))
    return float(line.entities is not None), float(line.sentence.kind == "title"), math.log1p(len(letters)), capitals


def _words(line: Line, span: Span) -> tuple[float, ...]:
    words = [word.text for word in line.words[span.first : span.last + 1] if word.text[0].isalnum()] or [span.text]
    uses = [_uses(word) for word in words]
    count = len(words)
    mean = [sum(use[n] for use in uses) / count for n in range(len(NEVER))]
    cues, units = lexicon.words().cues, lexicon.words().units
    last = words[-1].lower()
    return (
        count, len(span.text), float(span.text.isupper()), float(span.first == 0), *mean,
        max(use[2] for use in uses), min(use[0] for use in uses),
        float(any(word.lower() in cues.organisations for word in words)),
        float(last in units.province or last in units.district or last in units.town),
    )  # fmt: skip


def _beside(line: Line, span: Span) -> tuple[float, ...]:
    words, cues, units = line.words, lexicon.words().cues, lexicon.words().units
    before = words[span.first - 1].text if span.first else ""
    after = words[span.last + 1].text if span.last + 1 < len(words) else ""
    next_but_one = words[span.last + 2].text if span.last + 2 < len(words) else ""
    low, nigh = before.lower(), after.lower()
    use_before, use_after = (
        _uses(before) if before[:1].isupper() else NEVER,
        _uses(after) if after[:1].isupper() else NEVER,
    )
    comma = after in (",", "(") and next_but_one[:1].isupper()
    unit = nigh in units.province or nigh in units.district or nigh in units.town
    title = low in cues.titles or (
        before == "." and span.first > 1 and words[span.first - 2].text.lower() in cues.titles
    )
    rest = line.text[span.end - line.start : span.end - line.start + 2]
    lead = [word.text.lower() for word in words[max(0, span.first - 6) : span.first]]
    unit_of = lead[-1:] == ["of"] and any(
        w in units.town or w in units.district or w in units.province for w in lead[-2:]
    )
    between = lead[-1:] == ["between"] or lead[-1:] == ["and"] and "between" in lead
    return (
        low in cues.prepositions, low in ("in", "at", "near"), title, before[:1].isupper(), before == ",", low == "the",
        use_before[2], use_before[3],
        after[:1].isupper(), nigh in cues.organisations, nigh in cues.speech, after == ",", comma, rest[:1] in ("-", "–"),
        rest[:1] in ("'", "’"), comma and next_but_one in lexicon.abbreviations(), unit, use_after[2], use_after[3], use_after[4],
        unit_of, between,
    )  # fmt: skip


def _overlaps(line: Line, span: Span) -> tuple[float, ...]:
    inside = [s for s in line.spans if s is not span and s.start <= span.start and span.end <= s.end]
    held = [s for s in line.spans if s is not span and span.start <= s.start and s.end <= span.end]
    return (
        float(bool(inside)), float(any(s.match is not None for s in inside)),
        float(bool(held)), float(any(s.match is not None for s in held)),
    )  # fmt: skip


def _document(span: Span, context: Context) -> tuple[float, ...]:
    labels, text = context.labels, span.text
    return (
        context.spans[text], labels[text, "GPE"] + labels[text, "LOC"], labels[text, "PERSON"], labels[text, "ORG"],
        max((context.persons[word] for word in text.split()), default=0),
    )  # fmt: skip


def _syntax(line: Line, span: Span) -> list[float]:
    values = [0.0] * len(SYNTAX_NAMES)
    token = line.syntax.get(span.end)
    if token is not None:
        dependency, tag = token
        if dependency in DEPENDENCIES:
            values[DEPENDENCIES.index(dependency)] = 1.0
        values[-2], values[-1] = float(tag.startswith("NNP")), float(tag.startswith("JJ"))
    return values


@lru_cache(maxsize=20_000)
def _uses(word: str) -> tuple[float, ...]:
    return habits(word.rstrip(".").removesuffix("'s").removesuffix("’s"))
