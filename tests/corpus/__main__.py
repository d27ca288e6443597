"""Prints how much of the labelled texts extraction gets right, and where it is wrong.

usage: python -m tests.corpus [--file NAME …] [--show found|type|modality|noise|kept] [--limit N]

One line a figure, then by type and by modality. `--show` lists what is wrong instead: labels without an event word, of
the wrong type, of the wrong modality, noise items with an actual event, true items without one.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.corpus.measure import Labelled, Row, actual, labels, rows, told


def figures(items: Sequence[Row]) -> Iterator[tuple[str, int, int]]:
    """Name, right, out of."""
    true = [row for row in items if row["kind"] == "actual"]
    noise = [row for row in items if row["kind"] != "actual"]
    marked = [label for row in items for label in labels(row)]
    typed = [label for label in marked if label.event_type and label.modality]
    now = [label for label in typed if label.modality == "actual"]
    yield "true items with an actual event", sum(map(actual, true)), len(true)
    yield "noise items with an actual event", sum(map(actual, noise)), len(noise)
    yield "actual labels found", sum(x.found for x in now), len(now)
    yield "other labels found", sum(x.found for x in typed) - sum(x.found for x in now), len(typed) - len(now)
    yield "type of found actual labels", sum(x.type_right for x in now if x.found), sum(x.found for x in now)
    yield from _by("type", "event_type", [x for x in now if x.found], "type_right")
    yield from _by("modality", "modality", [x for x in marked if x.found and x.modality], "modality_right")
    calm = [x for x in marked if x.modality is None]
    yield "no event: not actual", sum(not any(t.modality == "actual" for t in x.told) for x in calm), len(calm)


def _by(name: str, key: str, chosen: Sequence[Labelled], right: str) -> Iterator[tuple[str, int, int]]:
    total = Counter(getattr(x, key) for x in chosen)
    hits = Counter(getattr(x, key) for x in chosen if getattr(x, right))
    yield from ((f"  {name} {value}", hits[value], count) for value, count in sorted(total.items()))


def errors(items: Sequence[Row], kind: str) -> Iterator[str]:
    """One line an error of a kind."""
    for row in items:
        if kind == "noise" and row["kind"] != "actual" and actual(row):
            happened = [(t.text, t.rule) for t in told(row) if t.modality == "actual"]
            yield f"{row['id']} [{row['kind']}] {happened} {row['title'] or ''} / {row['body'][:200]!r}"
        elif kind == "kept" and row["kind"] == "actual" and not actual(row):
            judged = [(t.text, t.alone, t.modality) for t in told(row)]
            yield f"{row['id']} {judged} {row['title'] or ''} / {row['body'][:200]!r}"
        for x in labels(row):
            if _wrong(x, kind):
                read = [(t.text, t.rule, t.event_type, t.modality) for t in x.told]
                yield f"{row['id']} {x.event_type}/{x.modality} {read}: {x.quote!r}"


def _wrong(x: Labelled, kind: str) -> bool:
    if kind == "found":
        return bool(x.event_type) and x.modality == "actual" and not x.found
    if kind == "type":
        return bool(x.event_type) and x.modality == "actual" and x.found and not x.type_right
    return kind == "modality" and x.found and x.modality is not None and not x.modality_right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", nargs="*", default=[])
    parser.add_argument("--show", choices=("found", "type", "modality", "noise", "kept"))
    parser.add_argument("--limit", type=int, default=0, help="every nth item, so that about N are left")
    options = parser.parse_args()
    items = rows(options.file)
    if options.limit:
        items = items[:: max(1, len(items) // options.limit)]
    if options.show:
        print(*errors(items, options.show), sep="\n")
        return
    for name, right, total in figures(items):
        print(f"{name:40s} {right / total if total else 0:.3f}   {right} of {total}")


if __name__ == "__main__":
    main()
