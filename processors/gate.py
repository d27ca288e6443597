"""Is anything in here at all? Cheap first: words of the trigger lexicon, found in one pass over the raw text; then
which kind of text its words make likely.

The gate must not lose items: recall before precision. It needs no parser and a fraction of a millisecond.
"""

from dataclasses import dataclass

from processors.extract.document_kind import kind_of
from processors.extract.triggers import WEAK, hits, may_follow_up
from processors.model import Document

UNLIKELY = 0.05  # that a text is news of an incident or of its denial; below, nothing in it is asserted anyway


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a document is worth reading. `reason` has few values (for metrics); `triggers` are lexicon entry ids."""

    passed: bool
    reason: str
    triggers: tuple[str, ...] = ()


class Gate:
    """Stateless but for the compiled lexicon and the model of kinds; one instance serves all threads."""

    def passes(self, document: Document) -> Decision:
        """Passes what holds at least one word that can tell an event. `triggers` holds the first such entry."""
        short = may_follow_up(document.text)
        for hit in hits(document.text):
            if hit.pattern.entry.strength > WEAK and (short or not hit.pattern.entry.follow_up):
                return Decision(True, "trigger", (hit.pattern.entry.id,))
        return Decision(False, "no_trigger")

    def passes_as_news(self, document: Document) -> Decision:
        """Passes what `passes` and is not by all its words of another kind (court, anniversary, film, drill); the words of
        a short text are too few to tell."""
        decision = self.passes(document)
        if not decision.passed or may_follow_up(document.text):
            return decision
        kind = kind_of(document).probability
        likely = kind["actual"] + kind["denied"] >= UNLIKELY
        return decision if likely else Decision(False, "kind", decision.triggers)
