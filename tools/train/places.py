"""Trains the recogniser and the ranker of place names (`processors/places/{recogniser,ranker}.json`).

usage: python -m tools.train.places [--evaluate PREDICTIONS] [--cache FILE] INDEX GOLD.jsonl...
GOLD: LGL and GeoVirus (Gritta et al.), a JSON object a line: {"id", "text", "toponyms": [{"start", "end", "phrase", "lat",
"lon"}]}.
INDEX: a place index without dumps. --evaluate writes no model, but what five-fold cross-validation finds, to be scored.
The models hold numbers only, no text. Needs scikit-learn (dependency group `train`); a quarter of an hour.
"""

import argparse
import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from spacy.tokens import DocBin

from processors.extract.analysis import Sentence
from processors.extract.nlp import english, parse
from processors.extract.sentences import split
from processors.geo import km
from processors.model import Item
from processors.normalize import as_is
from processors.places import gather, rank, rank_features, recognise, span_features, spans, trees
from processors.places.index import Gazetteer
from processors.places.names import Names
from processors.places.records import Kind
from tools.train import places_synthetic

FOLDS = 5
MADE = "made"
RIGHT_KM, COUNTRY_KM = 161.0, 800.0
MODELS = Path(trees.__file__).parent
WEIGHED_FROM = 0.3  # spans that the ranker is trained on
TREES = {"max_leaf_nodes": 15, "l2_regularization": 1.0, "max_iter": 150, "random_state": 0}


@dataclass(frozen=True)
class Gold:
    """One gold document. `toponyms`: (start, end, lat, lon)."""

    id: str
    sentences: list[Sentence]
    toponyms: list[tuple[int, int, float | None, float | None]]


def cached(documents: Iterable[Gold], file: Path | None) -> Iterator[Gold]:
    """The gold documents, parsed once and kept in `file`."""
    store = DocBin(store_user_data=False)
    known = iter(DocBin().from_disk(file).get_docs(english().vocab)) if file and file.exists() else None
    for gold in documents:
        texts = [s.read for s in gold.sentences]
        for sentence, doc in zip(gold.sentences, [next(known) for _ in texts] if known else parse(texts), strict=True):
            sentence.doc = doc
            store.add(doc)
        yield gold
    if file and not known:
        store.to_disk(file)


def read(paths: Sequence[Path]) -> Iterator[Gold]:
    """The gold documents, not parsed; a toponym whose offsets are off is looked for nearby."""
    for path in paths:
        for line in filter(None, path.read_text("utf8").split("\n")):
            row = json.loads(line)
            placed = (aligned(row["text"], t) for t in row["toponyms"])
            yield unparsed(f"{path.stem}/{row['id']}", row["text"], [t for t in placed if t])


def made(gazetteer: Gazetteer, count: int) -> Iterator[Gold]:
    """Reports from our own templates, with places from all over the world: the gold sets know few outside the US."""
    for number, report in enumerate(places_synthetic.reports(gazetteer, count)):
        yield unparsed(f"{MADE}/{number}", report.text, report.toponyms)


def unparsed(name: str, text: str, toponyms: list[tuple[int, int, float | None, float | None]]) -> Gold:
    item = Item(
        source_id="gold",
        external_id=name,
        kind="new",
        body=text,
        lang="en",
        published_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    return Gold(name, split(as_is(item, text, None)), toponyms)


def aligned(text: str, toponym: dict[str, Any]) -> tuple[int, int, float | None, float | None] | None:
    start, phrase = toponym["start"], toponym["phrase"]
    if text[start : start + len(phrase)] != phrase:
        hits = [
            m.start() for m in re.finditer(re.escape(phrase), text) if abs(m.start() - start) < 60 + len(text) // 20
        ]
        if not hits:
            return None
        start = min(hits, key=lambda at: abs(at - start))
    return start, start + len(phrase), toponym.get("lat"), toponym.get("lon")


def overlap(start: int, end: int, span: spans.Span) -> float:
    """Shared characters by characters of both together; 1 where span and toponym are the same."""
    shared = min(end, span.end) - max(start, span.start)
    return shared / (max(end, span.end) - min(start, span.start)) if shared > 0 else 0.0


def labels_of(line: spans.Line, gold: Gold) -> np.ndarray:
    """Which candidates of a line are toponyms: for each toponym the candidates that fit it best, at least by half."""
    right = np.zeros(len(line.spans), bool)
    for start, end, _, _ in gold.toponyms:
        shares = np.array([overlap(start, end, span) for span in line.spans])
        if len(shares) and shares.max() >= 0.5:
            right |= shares == shares.max()
    return right


@dataclass
class Example:
    """A document's candidates as rows, with and without parse."""

    gold: Gold
    lines: list[spans.Line]
    rows: list[np.ndarray]
    labels: list[np.ndarray]


def example(gold: Gold, names: Names, parsed: bool) -> Example:
    sentences = gold.sentences if parsed else [replace(s, doc=None) for s in gold.sentences]
    lines = [spans.read_line(sentence, names) for sentence in sentences]
    context = span_features.Context(lines)
    rows = [span_features.features(line, context, names.gazetteer) for line in lines]
    labels = [labels_of(line, gold) for line in lines]
    return Example(gold, lines, rows, labels)


def stacked(blocks: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([block for block in blocks if len(block)])


def fit(rows: np.ndarray, labels: np.ndarray) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(**TREES, min_samples_leaf=40, learning_rate=0.1).fit(rows, labels)


def recogniser(examples: Sequence[Example]) -> trees.Trees:
    rows = stacked([block for e in examples for block in e.rows])
    return trees.Trees(stored(fit(rows, stacked([b for e in examples for b in e.labels])), span_features.NAMES))


def weighed(e: Example, model: trees.Trees, names: Names) -> tuple[list[rank_features.Name], rank_features.Weighed]:
    """A document's names as the recogniser finds them, with the features of their candidates."""
    chosen = [
        [s for s, _ in recognise.pick(line.spans, model.probability(rows), WEIGHED_FROM)]
        for line, rows in zip(e.lines, e.rows, strict=True)
    ]
    found = gather.gather(e.lines, chosen, names)
    return found, rank_features.weigh(found, names.gazetteer, None)


def ranking(e: Example, model: trees.Trees, names: Names) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(features, right or not) of the candidates of each name that gold gives a point."""
    found, all_candidates = weighed(e, model, names)
    number = {name.text: n for n, name in enumerate(found)}
    done = set()
    for start, end, lat, lon in e.gold.toponyms:
        texts = {
            s.text for line in e.lines for s in line.spans if overlap(start, end, s) >= 0.5 and s.text in number
        } - done
        if lat is None or lon is None:
            continue
        done |= texts
        for text in texts:
            own = all_candidates.group == number[text]
            right = [right_place(names.gazetteer, int(row), lat, lon) for row in all_candidates.rows[own]]
            yield all_candidates.features[own], np.array(right, bool)


def right_place(gazetteer: Gazetteer, row: int, lat: float, lon: float) -> bool:
    """Within RIGHT_KM; a country's point may lie farther off, since gazetteers differ about it."""
    place = gazetteer.candidate(row)
    return km(place.lat, place.lon, lat, lon) <= (COUNTRY_KM if place.kind is Kind.COUNTRY else RIGHT_KM)


def ranker(examples: Sequence[Example], model: trees.Trees, names: Names) -> trees.Trees:
    pairs = [pair for e in examples for pair in ranking(e, model, names)]
    rows, labels = stacked([rows for rows, _ in pairs]), stacked([labels for _, labels in pairs])
    return trees.Trees(stored(fit(rows, labels), rank_features.NAMES))


def stored(model: HistGradientBoostingClassifier, names: tuple[str, ...]) -> trees.Stored:
    """The fitted trees as flat arrays."""
    out = trees.Stored(names, float(np.ravel(model._baseline_prediction)[0]), [], [], [], [], [], [])
    for (predictor,) in model._predictors:
        first = len(out.feature)
        out.roots.append(first)
        for node in predictor.nodes:
            leaf = bool(node["is_leaf"])
            out.feature.append(-1 if leaf else int(node["feature_idx"]))
            out.threshold.append(0.0 if leaf else float(f"{node['num_threshold']:.7g}"))
            out.left.append(0 if leaf else first + int(node["left"]))
            out.right.append(0 if leaf else first + int(node["right"]))
            out.value.append(float(f"{node['value']:.4g}") if leaf else 0.0)
    return out


def fold(gold: Gold, folds: int) -> int:
    return int(hashlib.md5(gold.id.encode()).hexdigest(), 16) % folds


def held_out(examples: Sequence[Example], bare: Sequence[Example], names: Names) -> Iterator[dict[str, Any]]:
    """What models trained on the other folds find in each document, as `tocsin annotate` would write it."""
    for number in range(FOLDS):
        inner = [e for e in examples if fold(e.gold, FOLDS) != number]
        model = recogniser([*inner, *(e for e in bare if fold(e.gold, FOLDS) != number)])
        ranks = ranker(inner, model, names)
        for e in (e for e in examples if fold(e.gold, FOLDS) == number and not e.gold.id.startswith(MADE)):
            yield {"id": e.gold.id.replace("/", "-", 1), "places": list(predicted(e, model, ranks, names))}


def predicted(e: Example, model: trees.Trees, ranks: trees.Trees, names: Names) -> Iterator[dict[str, Any]]:
    chosen = [
        [s for s, _ in recognise.pick(line.spans, model.probability(rows))]
        for line, rows in zip(e.lines, e.rows, strict=True)
    ]
    found = gather.gather(e.lines, chosen, names)
    all_candidates = rank_features.weigh(found, names.gazetteer, None)
    chances = ranks.probability(all_candidates.features)
    best = rank.choose(found, all_candidates, chances, names.gazetteer)
    for span in (span for line in chosen for span in line):
        yield {"start": span.start, "end": span.end, "text": "", **point(names.gazetteer, best.get(span.text))}


def point(gazetteer: Gazetteer, found: tuple[int, float] | None) -> dict[str, Any]:
    if found is None:
        return {}
    place = gazetteer.candidate(found[0])
    return {"lat": place.lat, "lon": place.lon, "precision": "country" if place.kind is Kind.COUNTRY else "locality"}


def ship(examples: Sequence[Example], bare: Sequence[Example], names: Names) -> None:
    """Trains on everything; the ranker sees spans as a recogniser finds them that did not train on their document."""
    pairs = []
    for number in range(2):
        model = recogniser([e for e in examples if fold(e.gold, 2) != number])
        pairs += [pair for e in examples if fold(e.gold, 2) == number for pair in ranking(e, model, names)]
    ranks = fit(stacked([rows for rows, _ in pairs]), stacked([labels for _, labels in pairs]))
    write(recognise.MODEL, recogniser([*examples, *bare]).stored)
    write(rank.MODEL, stored(ranks, rank_features.NAMES))


def write(name: str, model: trees.Stored) -> None:
    (MODELS / f"{name}.json").write_bytes(msgspec.json.encode(model) + b"\n")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--evaluate", type=Path, metavar="PREDICTIONS")
    arguments.add_argument("--cache", type=Path, help="file for the parsed documents, made where it is missing")
    arguments.add_argument("--made", type=int, default=2500, help="reports to make from the templates")
    arguments.add_argument("index", type=Path)
    arguments.add_argument("gold", type=Path, nargs="+")
    options = arguments.parse_args()
    names = Names(Gazetteer.open(options.index))
    documents = list(cached(itertools.chain(read(options.gold), made(names.gazetteer, options.made)), options.cache))
    examples = [example(gold, names, parsed=True) for gold in documents]
    bare = [example(gold, names, parsed=False) for gold in documents]
    if options.evaluate:
        lines = (json.dumps(row) + "\n" for row in held_out(examples, bare, names))
        options.evaluate.write_text("".join(lines), "utf8")
    else:
        ship(examples, bare, names)


if __name__ == "__main__":
    main()
