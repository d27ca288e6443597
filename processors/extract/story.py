"""The tellings of one incident within one text."""

from dataclasses import dataclass, field

from processors.extract.analysis import Sentence
from processors.extract.events import Trigger
from processors.extract.modality import Judgement
from processors.model import Modality, Place
from processors.times.expression import TimeExpression

BORROWED = (">nearby", ">default")  # ends of rules whose type came from elsewhere


@dataclass(frozen=True, slots=True)
class Telling:
    """A trigger with what its own sentence says of when and where."""

    trigger: Trigger
    judgement: Judgement
    sentence: Sentence
    time: TimeExpression | None
    spots: tuple[Place, ...]
    point: int  # which point of a list it stands in; 0 outside lists

    @property
    def in_title(self) -> bool:
        return self.sentence.kind == "title"


@dataclass(slots=True, eq=False)
class Story:
    """The tellings of one incident within one text."""

    tellings: list[Telling]
    answers: "Story | None" = None  # the incident that this one was an answer to
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def actual(self) -> bool:
        return any(t.judgement.modality is Modality.ACTUAL for t in self.tellings)

    @property
    def modalities(self) -> set[Modality]:
        """Those of the tellings that bring the event in; what is later said of "the attack" makes no other one."""
        own = [t for t in self.tellings if not t.trigger.anaphoric] or self.tellings
        return {m for t in own if (m := t.judgement.modality) is not None}

    @property
    def in_title(self) -> bool:
        return any(t.in_title for t in self.tellings)

    @property
    def listed(self) -> bool:
        return any(t.point for t in self.tellings)

    @property
    def spots(self) -> list[Place]:
        return [p for t in self.tellings for p in t.spots if p.precision in ("exact", "locality")]

    @property
    def lead(self) -> Telling:
        """The telling whose syntax is asked first: actual, with its method told, brought in rather than referred to."""
        return max(
            self.tellings,
            key=lambda t: (
                t.judgement.modality is Modality.ACTUAL,
                not t.trigger.generic,
                not t.trigger.anaphoric,
                bool(t.spots),
                t.trigger.strength,
                -t.trigger.start,
            ),
        )

    @property
    def ordered(self) -> list[Telling]:
        """The lead first, then as the text goes."""
        first = self.lead
        return [first, *(t for t in self.tellings if t is not first)]

    def aside(self, telling: Telling) -> bool:
        """Whether a telling only speaks of an actual incident, as planned, feared or past."""
        return self.actual and telling.judgement.modality is not Modality.ACTUAL


def vague(trigger: Trigger) -> bool:
    """Whether only the neighbourhood of the words lent the trigger its type."""
    return trigger.generic and trigger.rule.endswith(BORROWED)
