"""Checks the event lexicons: schema, unknown classes, doubled phrases, phrases that cannot match. Ends with 1 on a finding.

Usage: python tools/lint_lexicons.py
"""

import sys
from collections import Counter
from collections.abc import Iterator

from processors.errors import ResourceError
from processors.extract.cues import cues
from processors.extract.event_types import Methods
from processors.extract.triggers import anchored, entries, noun_forms, verb_forms
from processors.lexicon.load import load


def main() -> int:
    """Prints each finding on a line of its own."""
    try:
        found = list(findings())
    except ResourceError as error:
        found = [str(error)]
    for finding in found:
        print(finding)
    return 1 if found else 0


def findings() -> Iterator[str]:
    """What is wrong with the lexicons."""
    for entry in entries():
        where = f"triggers.toml: {entry.id}"
        yield from _doubled(where, entry.phrases)
        yield from _unmatchable(where, entry.phrases)
        if not entry.examples:
            yield f"{where}: no example"
        yield from _shared(where, {f for v in entry.verbs for f in verb_forms(v)}, entry.phrases)
        yield from _shared(where, {f for n in entry.nouns for f in noun_forms(n)}, entry.phrases)
    yield from (f"triggers.toml: two entries {name}" for name, n in Counter(e.id for e in entries()).items() if n > 1)
    for cue in cues():
        yield from _doubled(f"modality.toml: {cue.id}", cue.phrases)
        yield from _unmatchable(f"modality.toml: {cue.id}", (*cue.phrases, *cue.unless))
    for number, method in enumerate(load("methods", Methods).method):
        yield from _unmatchable(f"methods.toml: {method.type} ({number})", method.phrases)


def _doubled(where: str, phrases: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{where}: {phrase!r} twice" for phrase, n in Counter(phrases).items() if n > 1)


def _unmatchable(where: str, phrases: tuple[str, ...]) -> Iterator[str]:
    for phrase in phrases:
        if phrase.startswith("*") or phrase.endswith("*") or "||" in phrase or phrase != phrase.lower():
            yield f"{where}: {phrase!r} begins or ends with a gap, has an empty option or a capital"
        elif not anchored(phrase)[0]:
            yield f"{where}: {phrase!r} has no word to begin with"


def _shared(where: str, forms: set[str], phrases: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{where}: {phrase!r} is there as a word already" for phrase in phrases if phrase in forms)


if __name__ == "__main__":
    sys.exit(main())
