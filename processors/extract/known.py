"""What was found out about a whole document before its incidents are told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from processors.extract.analysis import Analysis, Sentence
from processors.extract.casualties import Toll, find_tolls
from processors.model import SourceTraits
from processors.places.toponyms import Toponym
from processors.times.expression import TimeExpression


@dataclass(frozen=True)
class Known:
    """What was found out about a whole document before its incidents are told apart."""

    analysis: Analysis
    toponyms: Sequence[Toponym]
    times: Sequence[TimeExpression]
    traits: SourceTraits | None = None
    points: Mapping[int, int] = field(default_factory=dict)  # sentence index to list point, empty outside lists
    tolls: dict[int, list[Toll]] = field(default_factory=dict)

    def toponyms_for(self, sentence: Sentence) -> Sequence[Toponym]:
        """The places that may be meant in a sentence: in a list only those of its own point."""
        point = self.points.get(sentence.index)
        if point is None:
            return self.toponyms
        around = [s for s in self.analysis.sentences if self.points.get(s.index) == point]
        return [t for t in self.toponyms if any(s.start <= t.start < s.end for s in around)]

    def tolls_of(self, sentence: Sentence) -> list[Toll]:
        """A sentence's casualty figures, read once."""
        if sentence.index not in self.tolls:
            self.tolls[sentence.index] = find_tolls(self.analysis, sentence) if sentence.doc is not None else []
        return self.tolls[sentence.index]
