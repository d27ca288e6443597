"""`tocsin` with one component taken out, to see what it brings: python -m tests.quality.without COMPONENT annotate …

What takes its place is what one would do without it: believe everything, take the most populous town, read the word alone.
"""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from processors import gate, pipeline
from processors.extract import event_types, mentions, modality
from processors.extract.analysis import Analysis
from processors.extract.events import Trigger
from processors.extract.story import Story, Telling
from processors.extract.trigger_modality import Judgement
from processors.extract.verdict import Verdict
from processors.model import Modality
from processors.places import find, recognise
from processors.places.index import Gazetteer
from processors.places.rank_features import Name


def _replace(owner: Any, name: str, by: object) -> None:
    setattr(owner, name, by)


def _verdict() -> None:
    """No model of whole texts: what the rules find actual stands."""
    _replace(modality, "verdict_of", lambda _: Verdict(True, 1.0, "court"))
    _replace(gate.Gate, "passes_as_news", gate.Gate.passes)


def _modality() -> None:
    """No rules of modality: everything told happened, unless the verdict on the text says otherwise."""
    _replace(modality, "judge_alone", lambda _analysis, _trigger: Judgement(Modality.ACTUAL, ""))


def _method() -> None:
    """The type of the trigger's own word, nothing from the words around it."""

    def settled(_analysis: Analysis, triggers: Sequence[Trigger]) -> Sequence[Trigger]:
        return triggers

    _replace(event_types, "settled", settled)


def _coreference() -> None:
    """Each trigger a mention of its own."""

    def stories(_analysis: Analysis, tellings: Sequence[Telling]) -> list[Story]:
        return [Story([telling]) for telling in tellings]

    _replace(mentions, "stories", stories)


def _recognition() -> None:
    """Every name that the gazetteer knows is a place."""
    _replace(recognise, "pick", partial(recognise.pick, threshold=0.0))


def _ranking() -> None:
    """Of its namesakes a name means the most populous."""

    def resolve(names: Sequence[Name], gazetteer: Gazetteer, _country: str | None) -> dict[str, tuple[int, float]]:
        people = gazetteer.columns["population"]
        return {name.text: (int(name.match.rows[np.argmax(people[name.match.rows])]), 1.0) for name in names}

    _replace(find, "resolve", resolve)


def _times() -> None:
    """Every incident is of the day of publication."""
    _replace(pipeline, "find_times", lambda *_: [])


COMPONENTS: dict[str, Callable[[], None]] = {
    "nothing": lambda: None,
    "verdict": _verdict,
    "modality": _modality,
    "method": _method,
    "coreference": _coreference,
    "recognition": _recognition,
    "ranking": _ranking,
    "times": _times,
}


def main() -> Any:
    component, *words = sys.argv[1:]
    COMPONENTS[component]()
    os.environ["TOCSIN_JOBS"] = "1"  # what was changed here is not changed in other processes
    sys.argv = ["tocsin", *words]
    from streams.cli import main as tocsin

    return tocsin()


if __name__ == "__main__":
    sys.exit(main())
