"""Is anything in here at all? Cheap first: words of the trigger lexicon, found in one pass over the raw text.

The stage must not lose items: recall before precision. It needs neither parser nor model and a fraction of a
millisecond.
"""

from dataclasses import dataclass

from processors.extract.triggers import hits
from processors.model import Document

WEAK = 0.35  # entries at most this strong ("incident", "violence") do not open the gate alone


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a document is worth reading. `reason` has few values (for metrics); `triggers` are lexicon entry ids."""

    passed: bool
    reason: str
    triggers: tuple[str, ...] = ()


class Gate:
    """The lexical stage. Stateless but for the compiled lexicon; one instance serves all threads."""

    def passes(self, document: Document) -> Decision:
        """Passes what holds at least one word that can tell an event. `triggers` holds the first such entry."""
        for hit in hits(document.text):
            if hit.pattern.entry.strength > WEAK:
                return Decision(True, "trigger", (hit.pattern.entry.id,))
        return Decision(False, "no_trigger")
