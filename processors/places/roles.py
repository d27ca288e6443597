"""Which of a document's places is where it happened, and which where it came from?"""

from collections.abc import Sequence

from processors.extract.analysis import Analysis, Sentence
from processors.model import EventType, Place
from processors.places.toponyms import Toponym


def assign_roles(
    analysis: Analysis, trigger_sentence: Sentence, trigger_start: int, trigger_end: int, event_type: EventType,
    toponyms: Sequence[Toponym], related_sentences: Sequence[Sentence],
) -> list[Place]:  # fmt: skip
    """The incident's places, targets first and the most precise of them first.

    `trigger_start` and `trigger_end` are offsets into the document's text; `related_sentences` are the other sentences that tell the
    same incident.
    """
    own = [t for t in toponyms if trigger_sentence.start <= t.start < trigger_sentence.end and not t.adjective]
    others = [t for s in related_sentences for t in toponyms if s.start <= t.start < s.end and not t.adjective]
    nearest = sorted(own or others, key=lambda t: (t.precision != "locality", abs(t.start - trigger_start)))
    return [t.as_place("target" if n == 0 else "mentioned") for n, t in enumerate(nearest)]
