"""Items through the whole pipeline as fast as it goes, on their own clock, with the state in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from processors.errors import RevisionConflict
from processors.model import Alert, Incident, ItemMentions
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy
from streams import topology
from streams.intake import in_order

if TYPE_CHECKING:
    pass

END = datetime.max.replace(tzinfo=UTC)


class Replay:
    """One run: feed it what items tell, and take alerts as they come and incidents as they close."""

    def __init__(self, policy: Policy, conflict: Callable[[ItemMentions, RevisionConflict], None]) -> None:
        self.state = MemoryState()
        self.items = self.alerts = self.incidents = 0
        self._policy, self._conflict = policy, conflict
        self._clock = topology.EPOCH

    def run(self, told: Iterable[ItemMentions]) -> Iterator[Alert]:
        """The alerts, in order. At the end the clock runs out, so that nothing is left waiting."""
        for each in in_order(told):
            self.items += 1
            try:
                self._clock, changes = topology.take_in(each, self.state, self._policy, self._clock)
            except RevisionConflict as error:
                self._conflict(each, error)
                continue
            yield from self._counted(changes.alerts)
        yield from self._counted(topology.flush(self.state, self._policy, END))

    def closed(self) -> Iterator[Incident]:
        """Incidents that nothing will change any more, each given once."""
        while self.state.closed:
            self.incidents += 1
            yield self.state.closed.pop(0)

    def remaining(self) -> Iterator[Incident]:
        """After the end: the last version of every incident that was not given as closed, sorted by id."""
        yield from self.closed()
        for incident in self.state.incidents():
            self.incidents += 1
            yield incident

    def _counted(self, alerts: Sequence[Alert]) -> Sequence[Alert]:
        self.alerts += len(alerts)
        return alerts
