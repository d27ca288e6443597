"""Cue lexicon of modality.toml, compiled, and where cues stand in a text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from processors.extract.late_regex import LateRegex
from processors.extract.triggers import WORD, anchored, lower
from processors.lexicon.load import load
from processors.model import Modality

Scope = Literal["governs", "clause", "before", "sentence", "lead", "document"]
Verdict = Literal["denied", "exercise", "hypothetical", "planned", "historical", "not_event"]


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of modality.toml; its head says what the fields mean."""

    id: str
    verdict: Verdict
    scope: Scope
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    unless: tuple[str, ...] = ()  # phrases that take the cue back
    withdrawn: bool = False
    recent: bool = False  # taken back by a day word: a charge laid over last night's shooting

    @property
    def modality(self) -> Modality | None:
        """None for what is no event at all."""
        return None if self.verdict == "not_event" else Modality(self.verdict)


class Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """modality.toml."""

    cue: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A cue in a text, by offsets into that text."""

    cue: Cue
    start: int
    end: int


def cues() -> tuple[Cue, ...]:
    """The lexicon, in order of precedence."""
    return load("modality", Cues).cue


def find(text: str) -> Iterator[Found]:
    """All cues in a text, those that another phrase takes back left out."""
    lowered, anchors = lower(text), _anchors()
    found: list[Found] = []
    undone: set[str] = set()
    words = [(m[0], m.start()) for m in WORD.finditer(lowered)]
    present = {word for word, _ in words}
    for word, start in words:
        for cue, regex, undoes in anchors.get(word, ()):
            if regex.possible(present) and (match := regex.match(lowered, start)):
                if undoes:
                    undone.add(cue.id)
                else:
                    found.append(Found(cue, match.start(), match.end()))
    return (f for f in found if f.cue.id not in undone)


@cache
def _anchors() -> dict[str, list[tuple[Cue, LateRegex, bool]]]:
    table: dict[str, list[tuple[Cue, LateRegex, bool]]] = {}
    for cue in cues():
        for phrases, undoes in ((cue.phrases, False), (cue.unless, True)):
            for phrase in phrases:
                anchors, regex = anchored(phrase)
                for anchor in anchors:
                    table.setdefault(anchor, []).append((cue, regex, undoes))
    return table
