"""One article in several feeds of one publisher: one item, told by the feed that brought it first."""

from collections.abc import Iterable

from msgspec.structs import replace

from processors.model import Item
from producers.entries import link_digest
from producers.poll import PollResult
from producers.sources import Source
from producers.state import Seen, SourceState


class Shared:
    """Which feed of a publisher brought an article. Rebuilt from the sources' states at start."""

    def __init__(self, sources: Iterable[Source], states: Iterable[SourceState]) -> None:
        self._publisher = {source.id: source.publisher for source in sources if source.publisher}
        self._owner: dict[tuple[str, str], str] = {}
        for state in states:
            publisher = self._publisher.get(state.source_id)
            for key, seen in state.seen.items() if publisher else ():
                if seen.link and not seen.shared_with and publisher:
                    self._owner.setdefault((publisher, seen.link), f"{state.source_id}/{key}")

    def settle(self, source: Source, result: PollResult) -> PollResult:
        """The result without items that another feed of the publisher has brought; its state says which did."""
        if not source.publisher or not result.items:
            return result
        kept: list[Item] = []
        seen = dict(result.state.seen)
        for item in result.items:
            owner = self._claim(source.publisher, item)
            if owner.startswith(f"{source.id}/"):  # its own, also where two of its entries have one link
                kept.append(item)
            elif item.external_id in seen:
                seen[item.external_id] = _shared(seen[item.external_id], owner)
        state = replace(result.state, seen=seen)
        return replace(result, items=tuple(kept), state=state)

    def _claim(self, publisher: str, item: Item) -> str:
        if not item.url:
            return item.key
        return self._owner.setdefault((publisher, link_digest(item.url)), item.key)


def _shared(seen: Seen, owner: str) -> Seen:
    return replace(seen, shared_with=owner)
